import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { queryClient } from './app/client.js';
import { router } from './app/routes.js';
import { ThemeProvider } from './app/theme.js';
import { I18nProvider } from './i18n/i18n.js';
import './styles/index.css';
import { ToastsProvider } from './ui/toasts.js';

const root = document.getElementById('root');
if (!root) throw new Error('index.html: expected an element with id "root"');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <ThemeProvider>
        <I18nProvider>
          <ToastsProvider>
            <RouterProvider router={router} />
          </ToastsProvider>
        </I18nProvider>
      </ThemeProvider>
    </QueryClientProvider>
  </StrictMode>,
);
