export { withTestDatabase, type TestDatabase, type TestDatabaseOptions } from './postgres-fixture.js';
export { startProduct, waitFor, isBuilt, type Product, type ProductOptions } from './product.js';
export { startWebhookReceiver, isSignatureValid, type WebhookReceiver, type ReceivedDelivery } from './webhook-receiver.js';
export { startRtspCameras, DEMO_CLIP, type RtspCameras, type RtspCamerasOptions } from './rtsp/start-rtsp-cameras.js';
export { RTSP_FAULTS, type RtspCameraSettings, type RtspFault } from './rtsp/rtsp-camera.js';
export { type RtspUser } from './rtsp/rtsp-auth.js';
export { startGstreamerRtsp, whyNoGstreamerRtsp, type GstreamerRtsp, type GstreamerRtspOptions } from './rtsp/gstreamer-rtsp.js';
export { startOtlpCollector, type CollectedSpan, type OtlpCollector } from './otlp-collector.js';
export { sampleEvent, endedEvent } from './event-sample.js';
