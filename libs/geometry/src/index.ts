export { anchorOf, boxAt, boxCoverage, boxIou, clipBox, growBox, intersectionArea, iouMatrix, normalizeBox, type Point } from './box.js';
export { distanceToSegment, isEnclosed, isInsidePolygon, signedDistanceToPolygon } from './polygon.js';
export { crossingOf, crossingPosition, signedDistanceToLine, type CrossingDirection } from './line.js';
export { assign, type Assignment } from './assignment.js';
export { Trail } from './trail.js';
