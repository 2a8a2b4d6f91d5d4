import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { HarvestService } from './harvest.service.js';
import { VideoSources } from './video-sources.js';

@Controller()
export class HarvestController {
  constructor(
    private readonly harvest: HarvestService,
    private readonly videos: VideoSources,
  ) {}

  @ApiRoute('listHarvestRecipes') listRecipes(@Input() { query }: RouteInput<'listHarvestRecipes'>, @Caller() caller: Principal) { return this.harvest.listRecipes(query, caller); }
  @ApiRoute('createHarvestRecipe') createRecipe(@Input() { body }: RouteInput<'createHarvestRecipe'>, @Caller() caller: Principal) { return this.harvest.createRecipe(body, caller); }
  @ApiRoute('getHarvestRecipe') getRecipe(@Input() { params }: RouteInput<'getHarvestRecipe'>, @Caller() caller: Principal) { return this.harvest.getRecipe(params.id, caller); }
  @ApiRoute('updateHarvestRecipe') updateRecipe(@Input() { params, body }: RouteInput<'updateHarvestRecipe'>, @Caller() caller: Principal) { return this.harvest.updateRecipe(params.id, body, caller); }
  @ApiRoute('deleteHarvestRecipe') removeRecipe(@Input() { params }: RouteInput<'deleteHarvestRecipe'>, @Caller() caller: Principal) { return this.harvest.removeRecipe(params.id, caller); }
  @ApiRoute('previewHarvest') preview(@Input() { body }: RouteInput<'previewHarvest'>, @Caller() caller: Principal) { return this.harvest.preview(body, caller); }
  @ApiRoute('listVideoFolders') listFolders(@Input() { query }: RouteInput<'listVideoFolders'>, @Caller() caller: Principal) { return this.videos.list(query.within, caller); }
  @ApiRoute('startHarvestRun') start(@Input() { params }: RouteInput<'startHarvestRun'>, @Caller() caller: Principal) { return this.harvest.start(params.id, caller); }
  @ApiRoute('listHarvestRuns') listRuns(@Input() { query }: RouteInput<'listHarvestRuns'>, @Caller() caller: Principal) { return this.harvest.listRuns(query, caller); }
  @ApiRoute('getHarvestRun') getRun(@Input() { params }: RouteInput<'getHarvestRun'>, @Caller() caller: Principal) { return this.harvest.getRun(params.id, caller); }
  @ApiRoute('cancelHarvestRun') cancel(@Input() { params }: RouteInput<'cancelHarvestRun'>, @Caller() caller: Principal) { return this.harvest.cancel(params.id, caller); }
  @ApiRoute('resumeHarvestRun') resume(@Input() { params }: RouteInput<'resumeHarvestRun'>, @Caller() caller: Principal) { return this.harvest.resume(params.id, caller); }
}
