/** Help on forms and pages: lines are paragraphs, a dot begins a point. */
export const helpTexts = {
  'help.button': 'Help (F1)',
  'help.guide': 'Guide',
  'help.recipe.title': 'Recipes',
  'help.recipe':
    'A recipe says which footage is looked at and which pictures are taken out of it. On the right you see at once how much that would be.\n• Footage is what cameras recorded, or video files: in a folder that the operator of the server allows, or sent from this computer.\n• Cameras by name: full and half width, small and capital letters are the same. Without any name every camera is meant.\n• Hours are local to the camera. 19:00 to 21:00 is the same evening hour in summer and winter; an end before its start is on the next day.\n• Key frames are by far the quickest. Every nth picture is exact.\n• Run it again, or let it run by itself: it takes only what it has not seen.\n• Better a few pictures of many cameras than many of one: set a quota for each camera or group.',
  'help.run.title': 'Runs',
  'help.run': 'A run goes through the footage of its recipe. What it took stays, whatever happens: it can be stopped and gone on with.\n• Pictures that were there already are not taken again, nor those that are nearly the same as the ones before.\n• Footage that cannot be read is named and left out; the rest goes on.',
  'help.set.title': 'What is said of a set',
  'help.set':
    'A set holds pictures with their labels.\n• Licence and source: without a licence nothing is given away as public.\n• The goal ranks pictures and decides which ones a job chooses: labels, from how many pixels on a thing shows what it is, which form a whole one has, day or night. Begin with a template and change it.\n• Labels of a goal are spelled as they are in the set.',
  'help.labelling.title': 'Labelling footage',
  'help.labelling': 'Pause where something begins, choose a label and drag a box around it. T tracks it through the next seconds: play, and the boxes go along. Dashed boxes were tracked, with how sure the tracker is; solid ones you drew.\n• Where a box has drifted, drag it right and press T again: it is tracked anew from there. Delete ends a track where the thing leaves.\n• Ctrl Enter sends the picture with its boxes to the set, Ctrl Shift Enter every n-th picture that was tracked. A send can be taken back.\n• What you drew counts as reviewed, what was tracked as automatic, with its confidence: filter by it, and look through it.\n• Exports as MOT, CVAT video and Datumaro keep tracks, in the order of time.',
  'help.copy.title': 'Copying into another set',
  'help.copy': 'Labels, split and marks come along. No picture is stored twice, and what the other set has already is left as it is.\nA detector is well served by one set. Classifiers want one set for each class; keep those side by side.',
  'help.choosing.title': 'Choosing samples',
  'help.choosing':
    'Which pictures a model learns from decides more than how it learns. A thousand pictures of one street teach one street.\nIn this order:\n• Other surroundings first. The same thing before another wall, in other light, from another height is worth more than its next second. Ten streets with one picture each beat one street with a hundred.\n• Then what is easy to label. A crowd of eighty takes ten minutes and shows little more than five people in five places. Sort by “value for a minute”.\n• Then what is not blurred. Half bodies at the edge, hidden and tiny things teach that a half is a whole: filter them by quality, or cut around them.\nHow to go about it:\n• Set a goal first (“Describe…”): it decides what a good picture is.\n• Take out duplicates, then let “Choose pictures that differ” propose some. Labelled ones count as taken.\n• Label everything in a picture that you want to find. What stays without a label is learnt as background; cover it with a region to ignore where you cannot.\n• Look at the scenes under Statistics. When more of the same cameras brings nothing new, add places, hours, seasons, other footage.',
  'help.search.title': 'Finding pictures',
  'help.search': 'Pictures are ordered by how well they answer; the score stands on each, and filters hold as well.\n• By words, where a model package that understands them is installed: "a person with an umbrella at night". Press Enter. Scores of words are low; only their order counts.\n• More like this: choose a picture, or open it, and press m.\n• A picture of your own: the button with the picture. It is not kept.\nEach picture must have been looked at once; where that is missing the page says so and has a button for it.',
  'help.scenes.title': 'Scenes and grades',
  'help.scenes':
    'A scene is what looks the same to a model, however many pictures there are of it. The bar shows how many there are of those that you want.\n• “Something new” is how likely the next picture of the same cameras shows a scene that is not there yet. Below 5 % more of the same does not help: widen your sources.\n• Demonstration: works in the room where it was filmed. Project: where it was made. General: about a thousand scenes and ten thousand labels. The thresholds can be set when you grade.',
  'help.straighten.title': 'Straightening a picture',
  'help.straighten':
    'A new sample of a part of the picture, with its labels. The old one stays as it is; Undo takes the new one out again.\n• Drag the corners onto what is to become a rectangle: a door, a plate, a floor seen from the side. The thick side is the upper one. Drag between them to move all.\n• Tilted people make flat boxes: turn until they stand, choose 1 : 3, and leave some surroundings around them.\n• Keys: Tab to a corner, arrows move it by a pixel, with Shift by ten; [ and ] turn; Enter makes it, Esc leaves.\n• The size is that of the longer sides. A larger one may be typed, at most two pixels for each of the old picture.\n• Boxes become what bounds their place in the new picture, or the exact outline of it. Labels of which less than a quarter is seen are left out; regions to ignore stay.',
  'help.job.pick-diverse.title': 'Choose pictures that differ',
  'help.job.pick-diverse': 'Every camera gives one before any gives a second; then always the picture that is least like all that are taken. In the end each gives way to the most usual of those it stands for. Surroundings count most, then how little work it is, then how good its examples are by the goal of the set.\nThe chosen ones are marked as focus. Run it again for more: labelled pictures count as taken.',
  'help.job.find-duplicates.title': 'Find duplicates',
  'help.job.find-duplicates': 'Of those that repeat each other the best stays: what people labelled, then the sharpest and largest. What is taken out waits under Removed and can be put back.',
  'help.job.auto-label.title': 'Label with a model',
  'help.job.auto-label': 'A model proposes boxes; people look through them. What a person made, moved or accepted is never changed. Run again, a model replaces its own boxes of before.\n• A low score finds more and errs more. 0.3 to 0.5 is a good beginning.\n• Several models may look at once; each box says whose it is.\n• Know your model first: try it on a live camera, then on a hundred pictures, then on all.',
  'help.job.split.title': 'Split the set',
  'help.job.split': 'Whole cameras go to training, validation and test, so that the test is of places that were never learnt. Cameras that show the same stay together.',
  'help.job.grade.title': 'Grade the set',
  'help.job.grade':
    'Counts scenes and labels, and says what a model made of them would be good for. With a model it also looks for what nobody labelled in pictures that are said to be complete.\n• Fewer than ten thousand boxes: a small detector with clean, whole examples learns best.\n• More than ten thousand: families like YOLO bear irregular labels better, and gain more from variety than from tidiness.',
  'help.job.regroup.title': 'Crops around neighbours',
  'help.job.regroup': 'Makes small pictures of a large one. Boxes that are near each other stay together with their surroundings; each is wholly in one crop, and none is cut.\n• Reach: how far a box looks for neighbours, as a part of its longer side.\n• Margin: how much of the surroundings stays. Too little, and a model learns things without their place.\n• Form: crops grow to it where the picture allows, never by cutting.',
  'help.job.redact.title': 'Make people unrecognizable',
  'help.job.redact': 'New pictures in a new set; nothing of what is covered can be read back. Whoever the model does not find stays visible: use a low score, and look through the set before you give it away.',
  'help.job.export.title': 'Export',
  'help.job.export':
    'One file of the set as it is now.\n• Labels that only a model has made are left out unless you include them, or become regions to ignore. Ignoring is better where the thing is most likely there.\n• Pictures in which something may be without a label teach that there is nothing. Mark pictures as complete when they are.\n• A public export takes a licence.',
  'help.job.version.title': 'Seal a version',
  'help.job.version': 'A version is named by a digest of its content: the same pictures and labels have the same name on every machine. It never changes, whatever is done with the set afterwards.',
} as const;
