/** Example programs. */
export const exampleTexts = {
  'examples.title': 'Example programs',
  'examples.intro': 'Small complete programs for business software and data teams, and starters to make your own dashboard, phone app or device of. They are in the folder “examples” of the source, and all of them run with every test of it.',
  'examples.search': 'Search examples',
  'examples.found': '{count} example|{count} examples',
  'examples.nothing': 'No example has “{words}”',
  'examples.run': 'Run it',
  'examples.copyCommand': 'Copy command',
  'examples.copySource': 'Copy source',
  'examples.copyFile': 'Copy {file}',
  'examples.source': 'Source of {file}',
  'examples.key': 'Set ARGUS_API_KEY to an API key with the permissions that are named, ARGUS_URL to the address of this page, and run it in the folder of the source with Node 24.',
  'examples.options': 'It also takes',
  'examples.needs': 'Needs',
} as const;
