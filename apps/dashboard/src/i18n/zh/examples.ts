import type { exampleTexts as english } from '../en/examples.js';

/** 示例程序。 */
export const exampleTexts: Readonly<Record<keyof typeof english, string>> = {
  'examples.title': '示例程序',
  'examples.intro': '面向业务软件和数据团队的完整小程序，以及可据此开发自己的看板、手机应用和设备端的起步模板，位于源码的 examples 文件夹，每次测试都会全部运行。',
  'examples.search': '搜索示例',
  'examples.found': '{count} 个示例',
  'examples.nothing': '没有包含“{words}”的示例',
  'examples.run': '运行',
  'examples.copyCommand': '复制命令',
  'examples.copySource': '复制源码',
  'examples.copyFile': '复制 {file}',
  'examples.source': '{file} 的源码',
  'examples.key': '将 ARGUS_API_KEY 设为具有所列权限的 API 密钥，ARGUS_URL 设为本页地址，在源码目录中用 Node 24 运行。',
  'examples.options': '可选参数',
  'examples.needs': '所需权限',
};
