import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useI18n } from '../i18n/i18n.js';
import { Button } from './button.js';

/** Copies a text; where the browser refuses (plain http), selects it so that the person can. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useI18n();
  const [done, setDone] = useState<'copied' | 'refused' | null>(null);
  const copy = async () => {
    const ok = navigator.clipboard ? await navigator.clipboard.writeText(text).then(() => true, () => false) : copyBySelection(text);
    setDone(ok ? 'copied' : 'refused');
    setTimeout(() => setDone(null), 2000);
  };
  return (
    <Button icon={done === 'copied' ? Check : Copy} onClick={copy}>
      {done === null ? (label ?? t('ui.copy')) : t(done === 'copied' ? 'ui.copied' : 'ui.copyRefused')}
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
