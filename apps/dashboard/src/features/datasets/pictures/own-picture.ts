/** A picture that somebody brought, as it is sent. */
export interface OwnPicture {
  /** JPEG, base64. */
  readonly content: string;
  /** To be shown; also what tells it from others. */
  readonly url: string;
}

/** Embedders look at 400 pixels or fewer. */
const SIDE = 640;

/** Scaled down in the browser: nobody waits for megabytes to be sent. Throws where the browser cannot read it. */
export async function ownPictureOf(file: Blob): Promise<OwnPicture> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = Object.assign(document.createElement('canvas'), { width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const url = canvas.toDataURL('image/jpeg', 0.9);
  return { content: url.slice(url.indexOf(',') + 1), url };
}
