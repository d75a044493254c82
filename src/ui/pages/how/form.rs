//! The form of one recovery point. Nothing is hidden: what cannot be chosen is disabled and says why.

use std::rc::Rc;

use crate::ui::markup::html;
use yew::prelude::*;

use super::by_id::by_id;
use super::choices::offer_of;
use super::edit::{MANAGED, OFF, ON, VHDS, edit_of, scenario_value};
use super::notes::notes_of;
use crate::app::msg::Msg;
use crate::restore::draft::{DiskTarget, Draft};
use crate::restore::facts::Facts;
use crate::restore::field::Field;
use crate::restore::rules::{FieldState, Reason, draft_reasons, field_state, scenario_reasons};
use crate::restore::scenario::Scenario;
use crate::ui::kit::cards::{Card, Cards, cards};
use crate::ui::kit::checks::{Check, check, group};
use crate::ui::kit::field::{Field as TextField, Kind, field as text_field};
use crate::ui::kit::notes::Notes;
use crate::ui::kit::select::Select;

/// Properties of [`Form`].
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What Azure said.
    pub facts: Rc<Facts>,
    /// What is chosen.
    pub draft: Rc<Draft>,
    /// What Azure found wrong with which field.
    pub findings: Rc<[(Field, String)]>,
    /// Where messages go.
    pub dispatch: Callback<Msg>,
}

/// The form.
#[component]
pub fn Form(props: &Props) -> Html {
    let reasons = use_memo((props.facts.clone(), props.draft.clone()), |(facts, draft)| draft_reasons(facts, draft));
    // One callback for each field, for the life of the page: a control is rendered anew only when its own content changes.
    let fields = use_memo(props.dispatch.clone(), |dispatch| {
        Field::ALL.map(|field| {
            let dispatch = dispatch.clone();
            Callback::from(move |said: String| {
                if let Some(edit) = edit_of(field, &said) {
                    dispatch.emit(Msg::Edit(edit));
                }
            })
        })
    });
    let form = View { props, reasons: &reasons, fields: &fields };
    let pickers = |fields: &[Field]| html! { <>{ for fields.iter().map(|f| form.picker(*f)) }</> };
    html! {
        <form class="vmr-stack" onsubmit={Callback::from(|e: SubmitEvent| e.prevent_default())}>
            <section class="vmr-panel">{ form.scenario() }</section>
            <section class="vmr-panel">
                <h2>{ "Disks" }</h2>
                { form.disk_target() }
                { form.disks() }
                { form.checkbox(Field::RestoreAsManaged, Field::RestoreAsManaged.label().to_owned(), props.draft.restore_as_managed) }
            </section>
            <section class="vmr-panel">
                <h2>{ "Staging" }</h2>
                <div class="vmr-fields">{ pickers(&[Field::StagingAccount, Field::StagingAccess]) }</div>
            </section>
            <section class="vmr-panel">
                <h2>{ "Target" }</h2>
                <div class="vmr-fields">
                    { pickers(&[Field::TargetSubscription, Field::TargetGroup]) }
                    { form.text(Field::VmName, &props.draft.vm_name, Kind::Text) }
                    { pickers(&[Field::Network, Field::Subnet, Field::Zone]) }
                </div>
                { form.edge_zone() }
            </section>
            <section class="vmr-panel">
                <h2>{ "Encryption and network access of the disks" }</h2>
                <div class="vmr-fields">{ pickers(&[Field::EncryptionSet, Field::DiskNetworkAccess, Field::DiskAccess]) }</div>
            </section>
            <fieldset class="vmr-panel">
                <legend class="vmr-hidden">{ "Rehydrate from archive" }</legend>
                <h2 aria-hidden="true">{ "Rehydrate from archive" }</h2>
                <div class="vmr-fields">
                    { pickers(&[Field::RehydrationPriority]) }
                    { form.text(Field::RehydrationDays, &props.draft.rehydration.days, Kind::Number) }
                </div>
            </fieldset>
        </form>
    }
}

struct View<'a> {
    props: &'a Props,
    reasons: &'a [Reason],
    fields: &'a [Callback<String>; Field::ALL.len()],
}

impl View<'_> {
    fn on(&self, field: Field) -> Callback<String> {
        // The index of the field in `ALL` is that of its callback.
        let index = Field::ALL.iter().position(|f| *f == field).unwrap_or(0);
        self.fields[index].clone()
    }

    fn notes(&self, field: Field) -> Notes {
        notes_of(&self.props.facts, &self.props.draft, self.reasons, &self.props.findings, field)
    }

    fn required(&self, field: Field) -> bool {
        field_state(&self.props.facts, &self.props.draft, field) == FieldState::Required
    }

    fn picker(&self, field: Field) -> Html {
        let Some(offer) = offer_of(&self.props.facts, &self.props.draft, field) else { return Html::default() };
        let notes = self.notes(field);
        // Lists that are not needed are not read.
        let none = if offer.read || notes.disabled() { offer.none } else { Some("Reading from Azure…") };
        let more = by_id(field, &self.on(field), notes.disabled());
        html! {
            <div key={field.id()}>
                <Select id={field.id()} label={field.label()} choices={offer.choices} value={offer.value} on={self.on(field)}
                    none={none.map(AttrValue::from)} {notes} required={self.required(field)} />
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
        let label = match &self.props.facts.point.extended_location {
            Some(zone) => format!("Restore into the edge zone {}", zone.name),
            None => "Restore into the edge zone".to_owned(),
        };
        self.checkbox(Field::EdgeZone, label, self.props.draft.edge_zone)
    }

    fn scenario(&self) -> Html {
        let all: Vec<Card> = Scenario::ALL
            .into_iter()
            .map(|scenario| {
                let reasons = scenario_reasons(&self.props.facts, scenario);
                let blocking: Vec<&str> = reasons.iter().filter(|r| r.blocks()).map(|r| r.sentence.as_str()).collect();
                Card {
                    value: scenario_value(scenario),
                    title: scenario.title(),
                    text: scenario.explain().into(),
                    reason: (!blocking.is_empty()).then(|| blocking.join(" ").into()),
                }
            })
            .collect();
        self.cards(Field::Scenario, self.props.draft.scenario.map(scenario_value), all)
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
            card(MANAGED, "Managed disks in a resource group", "From the snapshot where there is one: the fast way."),
            card(
                VHDS,
                "Unmanaged VHD blobs in the staging account",
                "Copied out of the vault: slower, and of use only where VHD files are needed.",
            ),
        ];
        let value = match self.props.draft.disk_target {
            DiskTarget::ManagedDisks => MANAGED,
            DiskTarget::UnmanagedVhds => VHDS,
        };
        self.cards(Field::DiskTarget, Some(value), all)
    }

    fn disks(&self) -> Html {
        let field = Field::Disks;
        let notes = self.notes(field);
        let facts = &self.props.facts;
        let Some(disks) = facts.data_disks() else {
            let why = if facts.detailed {
                "This recovery point lists no disks, so all of them are restored."
            } else {
                "Reading the disks of this recovery point…"
            };
            return group(
                field.id(),
                field.label(),
                &Notes { reason: None, ..notes },
                html! { <p class="vmr-hint">{ why }</p> },
            );
        };
        let always = Notes { reason: Some("Azure restores it with every choice of disks.".into()), ..Notes::default() };
        let os = Check { id: "disk-os".into(), label: "OS disk (always)".into(), checked: true, notes: always };
        let disk = |disk: &&azure_backup::backup::recovery_point::Disk| {
            // Pressing a disk says the whole new list.
            let luns = self.props.draft.luns.toggled(disk.lun);
            let list = luns.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            let on = self.on(field).reform(move |_: bool| list.clone());
            let own = Check {
                id: format!("disk-{}", disk.lun).into(),
                label: format!("LUN {}: {}", disk.lun, disk.name).into(),
                checked: self.props.draft.luns.contains(disk.lun) || notes.disabled(),
                notes: Notes { reason: notes.reason.clone(), ..Notes::default() },
            };
            check(own, &on)
        };
        html! { <>{ group(field.id(), field.label(), &Notes { reason: None, ..notes.clone() }, html! { <>{ check(os, &Callback::noop()) }{ for disks.iter().map(disk) }</> }) }</> }
    }
}
