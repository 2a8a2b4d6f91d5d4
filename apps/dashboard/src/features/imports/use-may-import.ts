import { useAccount, useCan } from '../../app/account.js';

/** Pictures of an import may be of any camera: it is for those who see all. The gateway decides. */
export function useMayImport(): boolean {
  const { cameraScope } = useAccount();
  return useCan()('dataset.write') && cameraScope === null;
}
