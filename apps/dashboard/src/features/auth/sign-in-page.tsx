import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { replaceAuthState } from '../../app/account.js';
import { useCall } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { errorText } from '../../i18n/error-text.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { AuthFrame } from './auth-frame.js';
import { safeNext } from './safe-next.js';

/** Name and password; then to where the person wanted to go. */
export function SignInPage() {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const next = safeNext(search.get('next'));
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const auth = useCall('getAuthState', {}, { staleTime: 5000 });
  const signIn = useMutation({
    mutationFn: () => client.call('signIn', { body: { name, password } }),
    onSuccess: (state) => {
      replaceAuthState(state);
      void navigate(next, { replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  if (auth.data?.account) return <Navigate to={next} replace />;
  if (auth.data?.needsSetUp) return <Navigate to="/set-up" replace />;
  return (
    <AuthFrame title={t('auth.signIn')} lead={t('auth.signInLead')}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <TextField label={t('auth.name')} value={name} onValue={setName} autoComplete="username" autoFocus required />
        <TextField label={t('auth.password')} value={password} onValue={setPassword} type="password" autoComplete="current-password" required />
        {signIn.isError && <AuthProblem error={signIn.error} />}
        <Button type="submit" tone="primary" busy={signIn.isPending}>
          {t('auth.signIn')}
        </Button>
      </form>
    </AuthFrame>
  );
}

/** Wrong name or password is the usual case; whatever it is, it is said in the reader's language with its code. */
export function AuthProblem({ error }: { error: Error }) {
  const { t, locale } = useI18n();
  const { title, detail, code } = errorText(error, t, locale);
  return (
    <p role="alert" className="m-0 text-m text-alarm">
      {title ?? detail} <code className="font-mono text-s text-ink-3">{code}</code>
    </p>
  );
}
