import type { CameraSettings, PrivacyMask, Zone } from '@argus/contracts';

/** What is drawn on a picture: a zone, or a mask as the same editor sees it, an area that can be switched off. */
export type DrawnZone = Zone & { readonly id?: string | undefined; readonly enabled?: boolean | undefined };

/** What the editor draws now; the other one is seen below it. */
export type Layer = 'zones' | 'masks';

export const isOn = ({ enabled = true }: DrawnZone): boolean => enabled;

export const drawnMask = ({ id, name, enabled, polygon }: PrivacyMask): DrawnZone => ({ id, name, enabled, kind: 'area', points: polygon });

export const zonesOf = (drawn: readonly DrawnZone[]): CameraSettings['zones'] => drawn.map(({ name, kind, points }) => ({ name, kind, points: [...points] }));

export const masksOf = (drawn: readonly DrawnZone[]): CameraSettings['privacyMasks'] => drawn.map((mask) => ({ ...(mask.id === undefined ? {} : { id: mask.id }), name: mask.name, enabled: isOn(mask), polygon: [...mask.points] }));
