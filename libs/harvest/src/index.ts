export { CalendarError, NamePatternError } from './errors.js';
export { calendarIntervals, type CalendarContext } from './calendar.js';
export { chooseFrames, evenTimes, type ChooseFramesOptions, type FramePlan, type FramesChosen, type SegmentFrames } from './choose-frames.js';
export { eventSpans, hasWantedObject, motionSpans, NO_MARKS, type MarkedEvent, type SegmentMarks } from './eligible-spans.js';
export { framesAtMost, harvestPreview, pictureBytes, type CameraFootage, type HarvestPace } from './estimate.js';
export { clipIntervals, isWithin, mergeIntervals, type Interval } from './interval.js';
export { localTimeOf, type LocalTime } from './local-time.js';
export { cameraChooser, camerasChosen, nameMatcher, type NamedCamera } from './name-matcher.js';
export { spreadQuota } from './spread-quota.js';
