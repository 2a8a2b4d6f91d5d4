export { anchorOf, boxAt, boxCoverage, boxIou, clipBox, growBox, intersectionArea, iouMatrix, normalizeBox, type Point } from './box.js';
export { distanceToSegment, isEnclosed, isInsidePolygon, signedDistanceToPolygon } from './polygon.js';
export { crossingOf, crossingPosition, signedDistanceToLine, type CrossingDirection } from './line.js';
export { assign, type Assignment } from './assignment.js';
export { Trail } from './trail.js';
export { homographyFrom, homographyOf, inverseOf, mapPoint, quadFlaw, turned, turnedBox, type Homography, type Quad, type QuadFlaw } from './homography.js';
export { LEAST_QUAD_SIDE, MOST_QUAD_SIDE, MOST_UPSCALE, quadSize, sidesOf, upscaleOf, type QuadSizeWish } from './quad-size.js';
export { boundsOf, clipPolygon, isInQuad, polygonArea } from './clip-polygon.js';
export { areaFlaw, quadOfArea, type AreaFlaw } from './picture-area.js';
