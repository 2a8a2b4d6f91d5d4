import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useI18n } from '../i18n/i18n.js';
import { Button, IconButton } from './button.js';

/** Copies a text; small: only a sign in a line of others; where the browser refuses (plain http), selects it so that the person can. */
export function CopyButton({ text, label, isSmall = false }: { text: string; label?: string; isSmall?: boolean }) {
  const { t } = useI18n();
  const [done, setDone] = useState<'copied' | 'refused' | null>(null);
  const copy = async () => {
    const ok = navigator.clipboard ? await navigator.clipboard.writeText(text).then(() => true, () => false) : copyBySelection(text);
    setDone(ok ? 'copied' : 'refused');
    setTimeout(() => setDone(null), 2000);
  };
  const words = done === null ? (label ?? t('ui.copy')) : t(done === 'copied' ? 'ui.copied' : 'ui.copyRefused');
  if (isSmall) return <IconButton icon={done === 'copied' ? Check : Copy} label={words} onClick={copy} />;
  return (
    <Button icon={done === 'copied' ? Check : Copy} onClick={copy}>
      {words}
    </Button>
  );
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const ok = document.execCommand('copy');
  area.remove();
  return ok;
}
