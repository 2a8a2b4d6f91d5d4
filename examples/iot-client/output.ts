import { writeFileSync } from 'node:fs';

/** The one place that knows the device. OUTPUT_FILE gets 1 or 0, as the value of a GPIO line of Linux does; put what moves your lamp, siren or gate in its place. */
export function setOutput(on: boolean): void {
  const file = process.env['OUTPUT_FILE'];
  if (file !== undefined) writeFileSync(file, on ? '1' : '0');
  console.log(`output ${on ? 'on' : 'off'}`);
}
