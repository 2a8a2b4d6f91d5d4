import { ApiError, createApiClient } from '@argus/api-client';
import { QueryCache, QueryClient } from '@tanstack/react-query';

export const client = createApiClient({ baseUrl: '' });

/** Answers are kept per route and input. A refused session anywhere sends the person back to sign-in. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: (count, error) => count < 2 && isPassing(error), refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
  queryCache: new QueryCache({ onError: forgetLostSession }),
});

const isPassing = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status >= 502);

/** Session over (another tab signed out, or it expired): ask again who we are, which leads to the sign-in page. */
export function forgetLostSession(error: unknown): void {
  if (error instanceof ApiError && error.status === 401) void queryClient.invalidateQueries({ queryKey: ['getAuthState'] });
}
