import { Password, UserName } from '@argus/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { replaceAuthState } from '../../app/account.js';
import { useCall } from '../../app/calls.js';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { AuthFrame } from './auth-frame.js';
import { AuthProblem } from './sign-in-page.js';

/** First use: the one-time link from the terminal makes the first admin. */
export function SetUpPage() {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [token, setToken] = useState(search.get('token') ?? '');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const auth = useCall('getAuthState', {}, { staleTime: 5000 });
  const setUp = useMutation({
    mutationFn: () => client.call('setUp', { body: { token, name, password } }),
    onSuccess: (state) => {
      replaceAuthState(state);
      void navigate('/live', { replace: true });
    },
  });
  const nameOk = UserName.safeParse(name).success;
  const passwordOk = Password.safeParse(password).success;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (nameOk && passwordOk && token) setUp.mutate();
  };
  if (auth.data?.account) return <Navigate to="/live" replace />;
  if (auth.data && !auth.data.needsSetUp) return <Navigate to="/sign-in" replace />;
  return (
    <AuthFrame title={t('auth.setUp')} lead={t(search.get('token') ? 'auth.setUpLead' : 'auth.setUpNoToken')}>
      <form className="flex flex-col gap-4" onSubmit={submit} noValidate>
        {!search.get('token') && <TextField label={t('auth.token')} value={token} onValue={setToken} hint={t('auth.tokenHint')} autoComplete="off" />}
        <TextField label={t('auth.name')} value={name} onValue={setName} autoComplete="username" autoFocus error={tried && !nameOk ? t('auth.nameWanted') : undefined} />
        <TextField
          label={t('auth.password')}
          value={password}
          onValue={setPassword}
          type="password"
          autoComplete="new-password"
          hint={t('auth.passwordHint')}
          error={tried && !passwordOk ? t('auth.passwordHint') : undefined}
        />
        {setUp.isError && <AuthProblem error={setUp.error} />}
        <Button type="submit" tone="primary" busy={setUp.isPending}>
          {t('auth.create')}
        </Button>
      </form>
    </AuthFrame>
  );
}
