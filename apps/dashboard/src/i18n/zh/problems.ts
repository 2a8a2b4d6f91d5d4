import { problems as problemsEn } from '../en/problems.js';

/** What went wrong, by the stable code of the gateway or of the client. */
export const problems: Readonly<Record<keyof typeof problemsEn, string>> = {
  'problem.api.unreachable': '服务器无响应',
  'problem.api.unexpected-answer': '无法理解服务器的响应',
  'problem.auth.required': '请重新登录',
  'problem.auth.forbidden': '你的角色没有此权限',
  'problem.auth.outside-scope': '此摄像机不在你的可见范围内',
  'problem.auth.beyond-own-rights': '不能授予自己没有的权限',
  'problem.auth.set-up-done': '初始设置已完成，请直接登录',
  'problem.auth.set-up-token': '一次性链接已失效',
  'problem.auth.sign-in-failed': '用户名或密码不正确',
  'problem.auth.too-many-attempts': '尝试次数过多，请稍后再试',
  'problem.request.invalid': '表单中有内容不被接受',
  'problem.request.malformed': '有无法读取的值',
  'problem.request.cross-origin': '请求来自其他站点',
  'problem.engine.timeout': '引擎未及时响应',
  'problem.engine.unavailable': '引擎未连接',
  'problem.database.unavailable': '数据库无响应',
  'problem.snapshot.none': '此摄像机还没有画面',
  'problem.pipeline.default': '默认流程不能删除',
  'problem.pipeline.in-use': '仍有摄像机在使用此流程',
  'problem.user.last-admin': '必须保留最后一个管理员',
  'problem.user.name-taken': '该名称已被使用',
  'problem.webhook.address-refused': '该地址属于内网',
  'problem.webhook.host-not-found': '找不到该 URL 的主机',
  'problem.webhook.url-refused': '不接受该 URL',
};
