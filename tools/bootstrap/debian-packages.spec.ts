import { describe, expect, it } from 'vitest';
import { TEST_PACKAGES, installLine, missingDebianPackages } from './debian-packages.mjs';

describe('Debian packages for tests', () => {
  it('are named in one line that can be pasted', () => {
    expect(installLine(['chromium', 'ffmpeg'])).toBe('apt-get update && apt-get install -y --no-install-recommends chromium ffmpeg');
  });

  it('are missing when dpkg does not know them, or is not there itself', () => {
    expect(missingDebianPackages(['argus-no-such-package'])).toEqual(['argus-no-such-package']);
  });

  it('each say what they are for', () => expect(Object.values(TEST_PACKAGES).every((purpose) => typeof purpose === 'string' && purpose !== '')).toBe(true));
});
