import type { Account, AuthState, Permission } from '@argus/contracts';
import { createContext, useContext, type ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { ErrorNotice } from '../ui/error-notice.js';
import { Skeleton } from '../ui/skeleton.js';
import { useCall } from './calls.js';
import { queryClient } from './client.js';

const AccountContext = createContext<Account | null>(null);
const AUTH_KEY = ['getAuthState', {}] as const;

/** After sign-in, set-up or sign-out: the new state at once; nothing of the account before stays. */
export function replaceAuthState(state: AuthState | null): void {
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== AUTH_KEY[0] });
  if (state) queryClient.setQueryData(AUTH_KEY, state);
  else void queryClient.resetQueries({ queryKey: AUTH_KEY });
}

/** Lets signed-in people in; sends others to sign-in, or to set-up while there is no user at all. */
export function RequireAccount({ children }: { children: ReactNode }) {
  const auth = useCall('getAuthState', {}, { staleTime: 60_000 });
  const { pathname, search } = useLocation();
  if (auth.isPending) return <Skeleton />;
  if (auth.isError && !auth.data) return <ErrorNotice error={auth.error} onRetry={() => void auth.refetch()} />;
  const { account, needsSetUp } = auth.data;
  if (needsSetUp && !account) return <Navigate to="/set-up" replace />;
  if (!account) return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
  return <AccountContext value={account}>{children}</AccountContext>;
}

export function useAccount(): Account {
  const account = useContext(AccountContext);
  if (!account) throw new Error('useAccount: expected to be inside RequireAccount');
  return account;
}

/** May the account do this? The gateway decides; this only hides what it would refuse. */
export function useCan(): (permission: Permission) => boolean {
  const { permissions } = useAccount();
  return (permission) => permissions.includes(permission);
}
