//! The form of one recovery point. What cannot be chosen is disabled and says why. Three fields are shown only for the machines that
//! they concern: with unmanaged disks, confidential, or in another region than the vault.

use yew::prelude::*;

use super::by_id::by_id;
use super::choices::offer_of;
use super::edit::{MANAGED, OFF, ON, VHDS, edit_of, scenario_value};
use super::hints::hints_of;
use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::restore::draft::{DiskTarget, Draft};
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::rules::{FieldState, Reason, field_state, scenario_reasons};
use crate::restore::scenario::Scenario;
use crate::ui::kit::cards::{Card, Cards, cards};
use crate::ui::kit::checks::{Check, check, group};
use crate::ui::kit::each;
use crate::ui::kit::field::{Field as TextField, Kind, field as text_field};
use crate::ui::kit::field_hints::FieldHints;
use crate::ui::kit::select::{Select, select};
use crate::ui::pages::vms::unread;

/// The form.
#[derive(Clone, Copy)]
pub struct Form<'a> {
    /// What Azure said.
    pub facts: &'a Facts,
    /// What is chosen.
    pub draft: &'a Draft,
    /// The rules that the draft breaks.
    pub reasons: &'a [Reason],
    /// What Azure found wrong with which field.
    pub findings: &'a [(Field, String)],
    /// How complete the list is that a field's choices come from.
    pub known: &'a dyn Fn(Field) -> ListStatus,
    /// Where messages go.
    pub dispatch: &'a Callback<Msg>,
}

/// The form.
pub fn form(form: Form<'_>) -> Html {
    let pickers = |fields: &[Field]| html! { <>{ each(fields.iter().map(|f| form.picker(*f))) }</> };
    html! {
        <form class="vmr-stack" onsubmit={Callback::from(|e: SubmitEvent| e.prevent_default())}>
            <section class="vmr-panel">{ form.scenario() }</section>
            <section class="vmr-panel">
                <h2>{ "Disks" }</h2>
                { form.disk_target() }
                { form.disks() }
                { form.checkbox(Field::RestoreAsManaged, Field::RestoreAsManaged.label().to_owned(), form.draft.restore_as_managed) }
                if !form.facts.managed() {
                    { form.checkbox(Field::OriginalAccounts, Field::OriginalAccounts.label().to_owned(), form.draft.original_accounts) }
                }
            </section>
            <section class="vmr-panel">
                <h2>{ "Staging" }</h2>
                <div class="vmr-fields">{ pickers(&[Field::StagingAccount, Field::StagingAccess]) }</div>
            </section>
            <section class="vmr-panel">
                <h2>{ "Target" }</h2>
                <div class="vmr-fields">
                    if form.facts.source_elsewhere().is_some() { { pickers(&[Field::Region]) } }
                    { pickers(&[Field::TargetSubscription, Field::TargetGroup]) }
                    { form.text(Field::VmName, &form.draft.vm_name, Kind::Text) }
                    { pickers(&[Field::Network, Field::Subnet, Field::Zone]) }
                </div>
                { form.edge_zone() }
            </section>
            <section class="vmr-panel">
                <h2>{ "Encryption and network access of the disks" }</h2>
                <div class="vmr-fields">
                    { pickers(&[Field::EncryptionSet]) }
                    if form.facts.confidential() { { pickers(&[Field::OsEncryptionSet]) } }
                    { pickers(&[Field::DiskNetworkAccess, Field::DiskAccess]) }
                </div>
            </section>
            <fieldset class="vmr-panel">
                <legend class="vmr-hidden">{ "Rehydrate from archive" }</legend>
                <h2 aria-hidden="true">{ "Rehydrate from archive" }</h2>
                <div class="vmr-fields">
                    { pickers(&[Field::RehydrationPriority]) }
                    { form.text(Field::RehydrationDays, &form.draft.rehydration.days, Kind::Number) }
                </div>
            </fieldset>
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
        hints_of(self.facts, self.draft, self.reasons, self.findings, field)
    }

    fn required(&self, field: Field) -> bool {
        field_state(self.facts, self.draft, field) == FieldState::Required
    }

    fn picker(&self, field: Field) -> Html {
        let Some(offer) = offer_of(self.facts, self.draft, field) else { return Html::default() };
        let notes = self.notes(field);
        // The list of a disabled field is not read.
        let known = if notes.disabled() { ListStatus::Complete } else { (self.known)(field) };
        let none = match (known, offer.choices.is_empty()) {
            (ListStatus::Loading | ListStatus::Failed, _) if !offer.read => Some(unread(known)),
            (ListStatus::Partial, _) => offer.none.map(|_| "Choose one (list incomplete)"),
            (ListStatus::Complete, true) if !notes.disabled() => Some("None available to your account"),
            _ => offer.none,
        };
        let more = by_id(field, &self.on(field), notes.disabled());
        let picker = Select {
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
            <div key={field.id()}>
                { select(picker) }
                { more }
            </div>
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
        let all = vec![
            card(MANAGED, "Managed disks in a resource group", "Fastest if a snapshot is available."),
            Card {
                reason: self
                    .facts
                    .secondary
                    .as_ref()
                    .map(|_| "The secondary region supports managed disks only.".into()),
                ..card(VHDS, "Unmanaged VHD blobs in storage accounts", "Slower. Use only if you need VHD files.")
            },
        ];
        let value = match self.draft.disk_target {
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
            return group(
                field.id(),
                field.label(),
                &FieldHints { reason: None, ..notes },
                html! { <p class="vmr-hint">{ why }</p> },
            );
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
                checked: self.draft.luns.contains(disk.lun) || notes.disabled(),
                notes: FieldHints { reason: notes.reason.clone(), ..FieldHints::default() },
            };
            check(own, &on)
        };
        html! { <>{ group(field.id(), field.label(), &FieldHints { reason: None, ..notes.clone() }, html! { <>{ check(os, &Callback::noop()) }{ each(disks.iter().map(disk)) }</> }) }</> }
    }
}

/// ` (1024 GiB, Premium_LRS)`, as far as Azure tells.
fn size(disk: &azure_backup::backup::recovery_point::Disk) -> String {
    let size = disk.size_gb.map(|size| format!("{size} GiB"));
    let told: Vec<String> = size.into_iter().chain(disk.storage_type.clone()).collect();
    if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) }
}
