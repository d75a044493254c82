//! Plans as files: the manifest, the plan for another pair of eyes, and the report; and what an imported one becomes.

use std::rc::Rc;

use azure_backup::arm::cloud::RefusedUrl;

use super::UpdateContext;
use crate::app::csv::csv;
use crate::app::effect::Effect;
use crate::app::plans::{PlanDownload, PlanRecord};
use crate::app::route::Route;
use crate::export::script::{Step, script};
use crate::recovery::expansion::Ready;
use crate::recovery::file::{PlanFile, export};
use crate::recovery::manifest::manifest;
use crate::recovery::plan::{Machine, MachineId, PlanId};
use crate::recovery::report::{COLUMNS, Made, Report, report};

impl UpdateContext<'_> {
    pub(super) fn download_plan(&mut self, id: &PlanId, what: PlanDownload) {
        let Some(record) = self.state.plans.get(id).filter(|record| self.state.owns_plan(&record.plan)).cloned() else {
            return;
        };
        let (name, mime, text) = match what {
            PlanDownload::Manifest => (
                "recovery-plan-manifest.txt",
                "text/plain",
                manifest(&record.plan, &self.state.to_confirm(&record)).text,
            ),
            PlanDownload::Script => match self.plan_script(&record) {
                Ok(text) => ("recovery-plan.sh", "text/plain", text),
                Err(refused) => return self.show_notice("The script wasn't created", &refused.to_string()),
            },
            PlanDownload::File => ("recovery-plan.json", "application/json", self.plan_file(&record).text()),
            PlanDownload::Csv => ("recovery-report.csv", "text/csv", csv(&COLUMNS, self.report(&record).rows())),
            PlanDownload::Json => ("recovery-report.json", "application/json", self.report(&record).json()),
            PlanDownload::Markdown => ("recovery-report.md", "text/markdown", self.report(&record).markdown()),
        };
        self.effects.push(Effect::Download { name: name.to_owned(), mime, text });
    }

    fn plan_file(&self, record: &Rc<PlanRecord>) -> PlanFile {
        let machines = self.state.expanded(record);
        export(
            &record.plan,
            &machines,
            &self.state.plan_findings(&record.plan, &machines),
            self.state.identity().owner,
            self.env.now,
        )
    }

    fn plan_script(&self, record: &Rc<PlanRecord>) -> Result<String, RefusedUrl> {
        let plan = &record.plan;
        let requests = self.state.to_confirm(record);
        let machines: Vec<_> =
            plan.machines().map(|(group, machine)| (machine.id(), &plan.groups[group].name, machine)).collect();
        let step = |(id, ready): &'_ (MachineId, Ready)| {
            let (_, group, machine) = machines.iter().find(|(of, ..)| of == id)?;
            Some((&machine.name, *group, ready.plan.clone()))
        };
        let found: Vec<_> = requests.iter().filter_map(step).collect();
        let steps: Vec<Step<'_>> = found.iter().map(|(name, group, plan)| Step { name, group, plan }).collect();
        script(&plan.name, &manifest(plan, &requests).sha256, &steps, &self.state.cloud())
    }

    fn report(&self, record: &PlanRecord) -> Report {
        let run = record.run.as_ref();
        let restore = |machine: &Machine| {
            let id = run?.execution.machine(&machine.id())?.restore()?;
            self.state.restore(id)
        };
        let manifests = run.map(|run| run.manifests.join(", ")).filter(|all| !all.is_empty());
        let made = self.state.clean_up(record).map(|left| left.all.iter().map(Made::of).collect()).unwrap_or_default();
        let of_run = report(&record.plan, run.map(|run| run.execution.started()), manifests.as_deref(), &restore);
        Report { clean_up: made, ..of_run }
    }

    /// A plan from a file joins the plans of this account, as one that was not started. Whether `text` is one.
    pub(in crate::app::update) fn import_plan(&mut self, text: &str) -> bool {
        if !PlanFile::is_meant(text) {
            return false;
        }
        let file = match PlanFile::read(text) {
            Ok(file) => file,
            Err(why) => {
                self.show_notice("The plan wasn't imported", &why.to_string());
                return true;
            }
        };
        if file.plan.cloud != self.state.cloud_name() || !self.state.connected() {
            self.show_notice(
                "The plan wasn't imported",
                "Connect to the cloud that the plan was made for, then import it again.",
            );
            return true;
        }
        let Some(fresh) = self.env.id() else { return true };
        let mut plan = file.plan.clone();
        plan.owner = self.state.identity().owner;
        if self.state.plans.get(&plan.id).is_some() {
            // What is here stays as it is.
            plan.id = PlanId::from(fresh);
        }
        let id = plan.id.clone();
        self.state.plans.put(Rc::new(PlanRecord { plan, run: None }));
        self.state.plan_file = Some((id.clone(), Rc::new(file)));
        self.save_plans();
        self.effects.push(Effect::Go(Route::Plan(id)));
        true
    }
}
