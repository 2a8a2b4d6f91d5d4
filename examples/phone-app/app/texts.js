/** Everything that the app says. */
export const TEXTS = {
  en: {
    events: 'Events', event: 'Event', all: 'All', unseen: 'Not seen', filter: 'Show', more: 'Older events', none: 'Nothing was confirmed yet.', noneUnseen: 'Everything has been seen.', other: '中文', back: 'Back to the list',
    offline: 'No connection. The list comes back with it.', failed: 'Argus does not answer (status {status}). It is tried again.', gone: 'This event is not there any more.', isNew: 'not seen', noPicture: 'no picture',
    camera: 'Camera', rule: 'Rule', zone: 'Zone', label: 'Label', score: 'Score', began: 'Began', ended: 'Ended', goesOn: 'still going on', seenBy: 'Seen by', acknowledge: 'Mark as seen', notMarked: 'It could not be marked (status {status}). Try again.', loading: 'Loading…',
  },
  zh: {
    events: '事件', event: '事件', all: '全部', unseen: '未查看', filter: '显示', more: '更早的事件', none: '还没有确认的事件。', noneUnseen: '所有事件都已查看。', other: 'English', back: '返回列表',
    offline: '没有网络连接，恢复后将自动更新。', failed: 'Argus 没有正常响应（状态 {status}），正在重试。', gone: '该事件已不存在。', isNew: '未查看', noPicture: '无图片',
    camera: '摄像机', rule: '规则', zone: '区域', label: '标签', score: '置信度', began: '开始', ended: '结束', goesOn: '仍在进行', seenBy: '查看人', acknowledge: '标记为已查看', notMarked: '标记失败（状态 {status}），请重试。', loading: '加载中…',
  },
};
