//! Health checks: filled from the results of the chart, by both programmes, from one to the next.

use crate::*;

pub fn some_answer(item: &items::Item) -> String {
    match item.answer {
        // Of two pressures the lower is lower.
        Answer::Number { .. } if item.label.starts_with("拡張期血圧") => "2".into(),
        Answer::Number { .. } => "3".into(),
        Answer::Choice(list) => list.options[0].0.into(),
        Answer::Words => "異常なし".into(),
    }
}

#[tokio::test]
async fn reports_of_others_and_preliminary_ones_push_none_of_ours_aside() {
    let house = House::new().await;
    let report = LabReportForm {
        collected_on: "2026-07-08".into(),
        collected_time: "09:00".into(),
        results: vec![LabResultForm { item: "AST".into(), value: "32".into(), low: "".into(), high: "40".into() }],
        ..LabReportForm::default()
    };
    act!(house.clinic, house.doctor, EnterLabs, labs::enter_report, house.patient, report).expect("enters");
    let mut tx = house.inside().await;
    sqlx::query(
        "insert into lab_report (clinic_id, id, patient_id, collected_at, entered_by, entered_at, preliminary, origin)
         select current_clinic(), gen_random_uuid(), $1, '2026-07-09 10:00+09', $2, now(), n % 2 = 0,
                case when n % 2 = 0 then null else jsonb_build_object('document', gen_random_uuid(), 'institution', 'みなと病院',
                    'shared_on', '2026-07-09', 'taken_by', '試験', 'taken_at', '2026-07-09T01:00:00Z') end
         from generate_series(1, 40) n",
    )
    .bind(house.patient.0)
    .bind(house.doctor.staff.id.0)
    .execute(&mut *tx)
    .await
    .expect("enters");
    tx.commit().await.expect("commits");
    let PaperForm::Checkup(form) = house.begin(ShareKind::Checkup).await.form else { panic!("a check") };
    let item = ITEMS.iter().find(|item| item.label == "AST(GOT)").expect("an item");
    assert_eq!(form.answer(item.key()).value, "32");
    let stay = house.begin(ShareKind::Discharge).await;
    let reports = house.page(stay.id).await.content.reports;
    assert!(!reports.is_empty() && reports.iter().all(|r| r.origin.is_none() && !r.preliminary));
}

#[tokio::test]
async fn a_health_check_takes_the_results_of_the_chart_and_names_what_is_missing() {
    let house = House::new().await;
    let lab =
        |item: &str, value: &str| LabResultForm { item: item.into(), value: value.into(), low: "".into(), high: "40".into() };
    let report = LabReportForm {
        collected_on: "2026-07-08".into(),
        collected_time: "09:00".into(),
        results: vec![lab("AST", "32"), lab("HbA1c-NGSP", "5.6"), lab("TG", "120"), lab("HDL-C", "55")],
        ..LabReportForm::default()
    };
    act!(house.clinic, house.doctor, EnterLabs, labs::enter_report, house.patient, report).expect("enters");
    let paper = house.begin(ShareKind::Checkup).await;
    let PaperForm::Checkup(form) = paper.form.clone() else { panic!("{paper:?}") };
    assert_eq!((form.programme, form.done_on.as_str(), form.insurer.as_str()), (Programme::Specific, "2026-07-10", "06130488"));
    let said = |label: &str| {
        let item = ITEMS.iter().find(|item| item.label == label).expect("an item");
        form.answer(item.key())
    };
    assert_eq!((said("AST(GOT)").value.as_str(), said("AST(GOT)").high.as_str()), ("32", "40"));
    assert_eq!(said("HbA1c(NGSP値)").value, "5.6");
    assert!(said("空腹時中性脂肪").is_blank() && said("随時中性脂肪").is_blank(), "nobody said whether it was fasting");

    let missing = house.issue(&paper, PaperForm::Checkup(form.clone())).await;
    let named = flawed(&missing);
    assert!(named.contains("answers.9N001000000000001") && named.len() > 15, "{named:?}");
    assert!(!named.iter().any(|field| field.contains("3B035")), "AST is there");

    for programme in Programme::ALL {
        let paper = if programme == Programme::Specific { paper.clone() } else { house.begin(ShareKind::Checkup).await };
        let mut whole =
            CheckupForm { programme, ticket: "24100000123".into(), ticket_until: "2027-03-31".into(), ..form.clone() };
        for item in programme.items().filter(|item| programme.need(item) == Need::Basic) {
            if whole.answer(item.key()).is_blank() {
                whole.put(item.key(), |answer| answer.value = some_answer(item));
            }
        }
        let chest = ITEMS.iter().find(|item| item.label.starts_with("既往歴")).expect("an item");
        whole.put(chest.key(), |answer| {
            answer.value = "1".into();
            answer.detail = "ヘルニア".into();
        });
        let other = ITEMS.iter().find(|item| item.label == "他覚症状").expect("an item");
        whole.put(other.key(), |answer| {
            *answer = CheckupAnswer { undone: "診察を希望されない".into(), ..Default::default() }
        });
        house.issue(&paper, PaperForm::Checkup(whole.clone())).await.expect("issues");
        let bundle = house.bundle(paper.id, ShareKind::Checkup).await;
        let read = import::document_of(&bundle).expect("reads back").checkup.expect("a check");
        assert_eq!(read.done_on.to_string(), "2026-07-10");
        // Every answer, and who did the check.
        assert_eq!(read.items.len(), whole.answered().len() + 1, "{programme:?}");
        let of = |code: &str| read.items.iter().find(|item| item.code == code).expect("stands there");
        assert_eq!(of(chest.key()).detail.as_ref().map(|(_, _, words)| words.as_str()), Some("ヘルニア"));
        assert!(matches!(&of(other.key()).value, fhir::domain::CheckupValue::Missing(why) if why == "診察を希望されない"));
        assert!(matches!(&of("9N516000000000049").value, fhir::domain::CheckupValue::Words(name) if name.contains("試験")));
    }
    // The next one shows what this one said.
    let next = house.begin(ShareKind::Checkup).await;
    let mut later = form.clone();
    later.done_on = "2026-07-11".into();
    let saved =
        act!(house.clinic, house.doctor, WritePaper, papers::save_paper, next.id, PaperForm::Checkup(later), next.version);
    let page = house.page(saved.expect("saves").id).await;
    assert_eq!(page.content.previous.get("9N001000000000001").map(String::as_str), Some("2026-07-10: 3 cm"));
}
