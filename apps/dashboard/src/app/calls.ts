import type { CallInput, CallOutput, RouteName } from '@argus/api-client';
import { keepPreviousData, useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useToasts } from '../ui/toasts.js';
import { client, forgetLostSession, queryClient } from './client.js';

type CallOptions = { readonly enabled?: boolean; readonly refetchInterval?: number | ((query: { readonly state: { readonly data?: unknown } }) => number); readonly staleTime?: number };
/** `keepPrevious`: until the answer to another question is there, the answer before it stays. */
type OneCallOptions = CallOptions & { readonly keepPrevious?: boolean };
/** Routes that answer a page, and what is on it. */
type ItemOf<N extends RouteName> = CallOutput<N> extends { items: (infer T)[] } ? T : never;
export type ListRoute = { [N in RouteName]: CallOutput<N> extends { items: unknown[]; nextCursor: string | null } ? N : never }[RouteName];

/** The one place where the route's name and input, correlated for callers, are seen as loose by the compiler. */
const callLoosely = client.call as unknown as (name: RouteName, input: object) => Promise<unknown>;

/** Asks one route and keeps the answer under `[name, input]`. */
export function useCall<N extends RouteName>(name: N, input: CallInput<N>, { keepPrevious, ...options }: OneCallOptions = {}): UseQueryResult<CallOutput<N>, Error> {
  return useQuery({ queryKey: [name, input], queryFn: async ({ signal }) => (await callLoosely(name, { ...input, signal })) as CallOutput<N>, ...options, ...(keepPrevious ? { placeholderData: keepPreviousData as never } : {}) });
}

interface LoosePage {
  readonly items: unknown[];
  readonly nextCursor: string | null;
}

/** All pages of a list of configured things (cameras, rules, …); never for events, which have no end. */
export function useAll<N extends ListRoute>(name: N, options: CallOptions & { input?: object } = {}): UseQueryResult<ItemOf<N>[], Error> {
  const { input = {}, ...rest } = options;
  return useQuery({
    queryKey: [name, 'all', input],
    queryFn: async ({ signal }) => {
      const items: unknown[] = [];
      let cursor: string | null | undefined;
      do {
        const page = (await callLoosely(name, { ...input, query: { limit: 500, cursor }, signal })) as LoosePage;
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return items as ItemOf<N>[];
    },
    ...rest,
  });
}

interface ActionOptions<T, A> {
  /** Routes whose answers are now out of date. */
  readonly refresh: readonly RouteName[];
  readonly onDone?: (result: T, argument: A) => void;
  /** Said in a toast. */
  readonly said?: (result: T, argument: A) => string;
  /** True: the caller shows the error beside the form; no toast. */
  readonly ownErrors?: boolean;
}

/** A change: runs it, refreshes what it made stale, and says what happened. */
export function useAction<T, A = void>(run: (argument: A) => Promise<T>, options: ActionOptions<T, A>) {
  const toasts = useToasts();
  return useMutation<T, Error, A>({
    mutationFn: run,
    onSuccess: (result, argument) => {
      refresh(options.refresh);
      if (options.said) toasts.say(options.said(result, argument));
      options.onDone?.(result, argument);
    },
    onError: (error) => {
      forgetLostSession(error);
      if (!options.ownErrors) toasts.fail(error);
    },
  });
}

export function refresh(names: readonly RouteName[]): void {
  for (const name of names) void queryClient.invalidateQueries({ queryKey: [name] });
}
