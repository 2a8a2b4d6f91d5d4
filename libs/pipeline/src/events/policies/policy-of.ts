import type { Camera, Rule } from '@argus/contracts';
import { Area, findZone } from '../area.js';
import { AttributePolicy } from './attribute-policy.js';
import { CountPolicy } from './count-policy.js';
import { DwellPolicy } from './dwell-policy.js';
import { LinePolicy } from './line-policy.js';
import type { ObjectPolicy } from './policy.js';
import { ZonePolicy } from './zone-policy.js';

/** The policy of a rule on a camera; null when the camera lacks the zone that the rule names. */
export function policyOf(rule: Rule, camera: Camera): ObjectPolicy | CountPolicy | null {
  const { condition, hysteresis } = rule;
  if (condition.kind === 'line') {
    const [a, b] = findZone(camera, condition.zone, 'line')?.points ?? [];
    return a && b ? new LinePolicy(condition, [a, b], hysteresis) : null;
  }
  const corners = condition.zone === null ? null : findZone(camera, condition.zone, 'area')?.points;
  if (corners === undefined) return null;
  const area = new Area(corners, hysteresis);
  switch (condition.kind) {
    case 'zone':
      return new ZonePolicy(condition, area);
    case 'dwell':
      return new DwellPolicy(condition, area);
    case 'count':
      return new CountPolicy(condition, area);
    case 'attribute':
      return new AttributePolicy(condition, area);
  }
}
