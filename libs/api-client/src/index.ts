export { createApiClient, type ApiClient, type ApiClientOptions, type CallInput, type CallOutput, type QueryValue, type RouteName } from './api-client.js';
export { wholeNames } from './whole-names.js';
export { ApiError, CLIENT_ERROR_CODES, errorOf, unreachable } from './api-error.js';
