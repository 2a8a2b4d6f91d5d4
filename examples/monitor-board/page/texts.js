/** Everything that the page says. */
export const TEXTS = {
  en: {
    title: 'What happens', hours: 'Events by camera and hour', latest: 'Newest confirmed events', day: 'last 24 hours', hour: 'last hour', cameras: 'cameras with events', unseen: 'not seen yet',
    live: 'Live', lost: 'No link to Argus', none: 'Nothing was confirmed in the last 24 hours.', other: '中文', cell: '{camera}, {hour}: {count}', few: 'few', many: 'many', noPicture: 'no picture', isNew: 'new', full: 'Only the newest events are counted.',
  },
  zh: {
    title: '现场动态', hours: '各摄像机每小时事件数', latest: '最新确认事件', day: '最近 24 小时', hour: '最近一小时', cameras: '有事件的摄像机', unseen: '尚未查看',
    live: '实时', lost: '与 Argus 断开', none: '最近 24 小时没有确认的事件。', other: 'English', cell: '{camera}，{hour}：{count}', few: '少', many: '多', noPicture: '无图片', isNew: '新', full: '仅统计最新的事件。',
  },
};
