//! The form of one recovery point: only the questions that arise, in the order what, target, staging, advanced. Options of a choice are all
//! shown; one that cannot be chosen says why.

use yew::prelude::*;

use super::advanced;
use super::choices::{kind_of, offer_of};
use super::edit::{MANAGED, OFF, ON, VHDS, edit_of, scenario_value};
use super::hints::hints_of;
use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::restore::draft::{DiskTarget, Draft};
use crate::restore::facts::Facts;
use crate::restore::field::{Field, Section};
use crate::restore::rules::{FieldState, Reason, disk_target, field_state, scenario_reasons};
use crate::restore::scenario::Scenario;
use crate::ui::kit::cards::{Card, Cards, cards};
use crate::ui::kit::checks::{Check, check, group};
use crate::ui::kit::combobox::Picker;
use crate::ui::kit::each;
use crate::ui::kit::field::{Field as TextField, Kind, field as text_field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::select::Select;
use crate::ui::pages::vault_select::unread;

/// The form.
pub struct Form<'a> {
    /// What Azure said.
    pub facts: &'a Facts,
    /// What is chosen.
    pub draft: &'a Draft,
    /// The rules that the draft breaks.
    pub reasons: &'a [Reason],
    /// What Azure found wrong with which field.
    pub findings: &'a [(Field, String)],
    /// What the checks have found about which field.
    pub problems: &'a [(Field, String)],
    /// What the checks have found.
    pub readiness: Html,
    /// How complete the list is that a field's choices come from.
    pub known: &'a dyn Fn(Field) -> ListStatus,
    /// What the rehydration costs, where there is one.
    pub rehydration_price: Option<String>,
    /// Whether the network of the original machine could not be read.
    pub source_network_unreadable: bool,
    /// Whether the operator points with a finger.
    pub touch: bool,
    /// Where messages go.
    pub dispatch: &'a Callback<Msg>,
}

/// The form: the questions that arise for the chosen scenario, and a closed list of those that do not.
pub fn form(form: &Form<'_>) -> Html {
    let submit = Callback::from(|e: SubmitEvent| e.prevent_default());
    let chosen = form.draft.scenario.is_some();
    html! {
        <form class="vmr-stack" onsubmit={submit}>
            <section class="vmr-panel" key="what">
                { form.scenario() }
                if chosen {
                    { form.controls(Section::What) }
                    { each(form.forced_target()) }
                } else {
                    <p class="vmr-hint">{ "Choose what to restore. The settings it needs appear here." }</p>
                }
            </section>
            if chosen {
                { form.section(Section::Target, "Target") }
                { form.section(Section::Staging, "Staging") }
                { form.readiness.clone() }
                { form.advanced() }
                { form.not_applicable() }
            }
        </form>
    }
}

impl Form<'_> {
    fn on(&self, field: Field) -> Callback<String> {
        let dispatch = self.dispatch.clone();
        Callback::from(move |said: String| {
            if let Some(edit) = edit_of(field, &said) {
                dispatch.emit(Msg::Edit(edit));
            }
        })
    }

    fn notes(&self, field: Field) -> FieldHints {
        let mut notes = hints_of(self.facts, self.draft, self.reasons, self.findings, field);
        if notes.warning.is_none() && notes.error.is_none() {
            let problem = self.problems.iter().find(|(of, _)| *of == field);
            notes.warning = problem.map(|(_, sentence)| sentence.clone().into());
        }
        if let (Field::RehydrationPriority, Some(price)) = (field, &self.rehydration_price) {
            notes.hint = notes.hint.map(|hint| format!("{hint} {price}").into());
        }
        if field == Field::Network && self.source_network_unreadable && notes.suggested.is_none() {
            notes.hint = Some("The original VM's network couldn't be read, so it isn't suggested.".into());
        }
        notes
    }

    /// The fields of a section that arise.
    fn asked(&self, section: Section) -> Vec<Field> {
        let arises = |field: &Field| {
            field.section() == Some(section) && field_state(self.facts, self.draft, *field).forbidden().is_none()
        };
        Field::ALL.into_iter().filter(arises).collect()
    }

    /// The controls of a section. The scenario stands above them.
    fn controls(&self, section: Section) -> Html {
        let (wide, narrow): (Vec<Field>, Vec<Field>) = self
            .asked(section)
            .into_iter()
            .filter(|field| *field != Field::Scenario)
            .partition(|field| matches!(field, Field::Disks | Field::DiskTarget | Field::OriginalAccounts));
        html! {
            <>
                { each(wide.into_iter().map(|field| self.control(field))) }
                if !narrow.is_empty() {
                    <div class="vmr-fields">{ each(narrow.into_iter().map(|field| self.control(field))) }</div>
                }
            </>
        }
    }

    fn control(&self, field: Field) -> Html {
        match field {
            Field::Disks => self.disks(),
            Field::DiskTarget => self.disk_target(),
            Field::OriginalAccounts => self.checkbox(field, field.label().to_owned(), self.draft.original_accounts),
            Field::EdgeZone => self.edge_zone(),
            Field::VmName => self.text(field, &self.draft.vm_name, Kind::Text),
            Field::RehydrationDays => self.text(field, &self.draft.rehydration.days, Kind::Number),
            _ => self.picker(field),
        }
    }

    fn section(&self, section: Section, title: &'static str) -> Html {
        if self.asked(section).is_empty() {
            return Html::default();
        }
        html! { <section class="vmr-panel" key={title}><h2>{ title }</h2>{ self.controls(section) }</section> }
    }

    /// What has a default that suits most restores. Closed, with what is set in it.
    fn advanced(&self) -> Html {
        let asked = self.asked(Section::Advanced);
        if asked.is_empty() {
            return Html::default();
        }
        html! {
            <details class="vmr-panel vmr-fold" key="advanced">
                <summary><span>{ "Advanced" }</span><span class="vmr-muted">{ advanced::summary(self.draft, self.reasons, &asked) }</span></summary>
                { self.controls(Section::Advanced) }
            </details>
        }
    }

    /// Why the disks become what they become, where that is no question.
    fn forced_target(&self) -> Option<Html> {
        let is_forced = self.draft.scenario.is_some_and(Scenario::makes_disks);
        let state = field_state(self.facts, self.draft, Field::DiskTarget);
        let why = state.forbidden().filter(|_| is_forced)?.sentence.clone();
        Some(html! { <p class="vmr-hint">{ why }</p> })
    }

    /// The questions that do not arise, with the reason of each.
    fn not_applicable(&self) -> Html {
        let why = |field: Field| {
            let state = field_state(self.facts, self.draft, field);
            state.forbidden().map(|reason| (field, reason.sentence.clone()))
        };
        let all: Vec<(Field, String)> =
            Field::ALL.into_iter().filter(|field| field.section().is_some()).filter_map(why).collect();
        if all.is_empty() {
            return Html::default();
        }
        let entry = |(field, why): &(Field, String)| html! { <li><strong>{ field.label() }</strong>{ ": " }{ why.clone() }</li> };
        html! {
            <details class="vmr-panel vmr-fold" key="rest">
                <summary>{ format!("Doesn't apply here ({})", all.len()) }</summary>
                <ul class="vmr-list">{ each(all.iter().map(entry)) }</ul>
            </details>
        }
    }

    fn required(&self, field: Field) -> bool {
        field_state(self.facts, self.draft, field) == FieldState::Required
    }

    fn picker(&self, field: Field) -> Html {
        let Some(offer) = offer_of(self.facts, self.draft, field) else { return Html::default() };
        let notes = self.notes(field);
        let known = (self.known)(field);
        let none = match (known, offer.choices.is_empty()) {
            (ListStatus::Loading | ListStatus::Failed, _) if !offer.read => Some(unread(known)),
            (ListStatus::Partial, _) => offer.none.map(|_| "Choose one (list incomplete)"),
            (ListStatus::Complete, true) => Some("None available to your account"),
            _ => offer.none,
        };
        let select = Select {
            id: field.id().into(),
            label: field.label().into(),
            choices: offer.choices,
            value: offer.value,
            on: self.on(field),
            none: none.map(AttrValue::from),
            notes,
            required: self.required(field),
        };
        html! {
            <Picker key={field.id()} {select} kind={kind_of(field)} touch={self.touch} />
        }
    }

    fn text(&self, field: Field, value: &str, kind: Kind) -> Html {
        let days = crate::restore::draft::REHYDRATION_DAYS;
        let limit = |n: &u32| (kind == Kind::Number).then(|| AttrValue::from(n.to_string()));
        text_field(TextField {
            id: field.id().into(),
            label: field.label().into(),
            value: value.to_owned().into(),
            kind,
            on: self.on(field),
            notes: self.notes(field),
            required: self.required(field),
            min: limit(days.start()),
            max: limit(days.end()),
        })
    }

    fn checkbox(&self, field: Field, label: String, checked: bool) -> Html {
        let on = self.on(field).reform(|checked: bool| if checked { ON } else { OFF }.to_owned());
        check(Check { id: field.id().into(), label: label.into(), checked, notes: self.notes(field) }, &on)
    }

    fn edge_zone(&self) -> Html {
        let label = match &self.facts.point.extended_location {
            Some(zone) => format!("Restore to the edge zone {}", zone.name),
            None => "Restore to the edge zone".to_owned(),
        };
        self.checkbox(Field::EdgeZone, label, self.draft.edge_zone)
    }

    fn scenario(&self) -> Html {
        let all: Vec<Card> = Scenario::ALL
            .into_iter()
            .map(|scenario| {
                let reasons = scenario_reasons(self.facts, scenario);
                let blocking: Vec<&str> = reasons.iter().filter(|r| r.blocks()).map(|r| r.sentence.as_str()).collect();
                Card {
                    value: scenario_value(scenario),
                    title: scenario.title(),
                    text: scenario.explain().into(),
                    reason: (!blocking.is_empty()).then(|| blocking.join(" ").into()),
                }
            })
            .collect();
        self.cards(Field::Scenario, self.draft.scenario.map(scenario_value), all)
    }

    fn cards(&self, field: Field, value: Option<&'static str>, all: Vec<Card>) -> Html {
        cards(Cards {
            id: field.id().into(),
            legend: field.label().into(),
            cards: all,
            value: value.map(AttrValue::from),
            on: self.on(field),
            notes: self.notes(field),
        })
    }

    fn disk_target(&self) -> Html {
        let card = |value, title, text: &'static str| Card { value, title, text: text.into(), reason: None };
        let managed = match self.facts.has_managed_disks() {
            true => "Fastest if a snapshot is available.",
            false => "The unmanaged disks are converted.",
        };
        let all = vec![
            card(MANAGED, "Managed disks in a resource group", managed),
            card(VHDS, "Unmanaged VHD blobs in storage accounts", "Slower. Use only if you need VHD files."),
        ];
        let value = match disk_target(self.facts, self.draft) {
            DiskTarget::ManagedDisks => MANAGED,
            DiskTarget::UnmanagedVhds => VHDS,
        };
        self.cards(Field::DiskTarget, Some(value), all)
    }

    fn disks(&self) -> Html {
        let field = Field::Disks;
        let notes = self.notes(field);
        let facts = self.facts;
        let Some(disks) = facts.data_disks() else {
            let why = if facts.detailed {
                "All disks will be restored (this recovery point has no disk list)."
            } else {
                "Loading this recovery point's disks…"
            };
            return group(field.id(), field.label(), &notes, html! { <p class="vmr-hint">{ why }</p> });
        };
        let always = FieldHints { reason: Some("Always included by Azure.".into()), ..FieldHints::default() };
        let os = Check { id: "disk-os".into(), label: "OS disk (always)".into(), checked: true, notes: always };
        let disk = |disk: &&azure_backup::backup::recovery_point::Disk| {
            // A click on a disk sends the whole new list.
            let luns = self.draft.luns.toggled(disk.lun);
            let list = luns.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            let on = self.on(field).reform(move |_: bool| list.clone());
            let own = Check {
                id: format!("disk-{}", disk.lun).into(),
                label: format!("LUN {}: {}{}", disk.lun, disk.name, size(disk)).into(),
                checked: self.draft.luns.contains(disk.lun),
                notes: FieldHints::default(),
            };
            check(own, &on)
        };
        let all = html! { <>{ check(os, &Callback::noop()) }{ each(disks.iter().map(disk)) }</> };
        group(field.id(), field.label(), &notes, all)
    }
}

/// ` (1024 GiB, Premium_LRS)`, as far as Azure tells.
fn size(disk: &azure_backup::backup::recovery_point::Disk) -> String {
    let size = disk.size_gb.map(|size| format!("{size} GiB"));
    let told: Vec<String> = size.into_iter().chain(disk.storage_type.clone()).collect();
    if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) }
}
