-- Fills one clinic. Settings: load.clinic, load.doctor (ids), load.patients, load.visits (of each patient), load.often and
-- load.often_visits (so many of them come that often). Runs as the database's superuser, whom no policy binds.

-- The rows fit each other by the way they are made; checking each would take longer than making them.
set session_replication_role = replica;

create temporary table who as
select i, md5('patient' || current_setting('load.clinic') || i)::uuid as id,
       case when i <= current_setting('load.often')::int then current_setting('load.often_visits')::int
            else current_setting('load.visits')::int end as visits
from generate_series(1, current_setting('load.patients')::int) i;

insert into patient (clinic_id, id, number, family, given, family_kana, given_kana, kana_folded, name_folded, sex, birth_date, address,
                     phone, phone_digits, registered_at)
select current_setting('load.clinic')::uuid, w.id, w.i, f.kanji, g.kanji, f.kana, g.kana, f.kana || g.kana, f.kanji || g.kanji,
       case when w.i % 2 = 0 then 'female' else 'male' end, date '1930-01-01' + (w.i * 37 % 34000), '東京都千代田区試験町1-1',
       '03-' || lpad(w.i::text, 8, '0'), '03' || lpad(w.i::text, 8, '0'), timestamptz '2018-07-01 09:00+09'
from who w
join (select row_number() over () - 1 as n, split_part(name, ' ', 1) as kanji, split_part(name, ' ', 2) as kana from unnest(array[
    '佐藤 サトウ', '鈴木 スズキ', '高橋 タカハシ', '田中 タナカ', '伊藤 イトウ', '渡辺 ワタナベ', '山本 ヤマモト', '中村 ナカムラ',
    '小林 コバヤシ', '加藤 カトウ', '吉田 ヨシダ', '山田 ヤマダ', '佐々木 ササキ', '山口 ヤマグチ', '松本 マツモト', '井上 イノウエ',
    '木村 キムラ', '林 ハヤシ', '斎藤 サイトウ', '清水 シミズ', '山崎 ヤマザキ', '森 モリ', '池田 イケダ', '橋本 ハシモト',
    '阿部 アベ', '石川 イシカワ', '山下 ヤマシタ', '中島 ナカジマ', '石井 イシイ', '小川 オガワ', '前田 マエダ']) name) f on f.n = w.i % 31
join (select row_number() over () - 1 as n, split_part(name, ' ', 1) as kanji, split_part(name, ' ', 2) as kana from unnest(array[
    '花子 ハナコ', '太郎 タロウ', '一郎 イチロウ', '恵子 ケイコ', '和子 カズコ', '誠 マコト', '直樹 ナオキ', '由美 ユミ', '健一 ケンイチ',
    '幸子 サチコ', '進 ススム', '久美子 クミコ', '博 ヒロシ', '陽子 ヨウコ', '修 オサム', '明美 アケミ', '隆 タカシ', '真由美 マユミ',
    '清 キヨシ', '洋子 ヨウコ', '正 タダシ', '智子 トモコ', '翔太 ショウタ', '美咲 ミサキ', '大輔 ダイスケ', '千尋 チヒロ', '茂 シゲル',
    '節子 セツコ', '勇 イサム']) name) g on g.n = w.i * 7 % 29;

insert into insurance (clinic_id, id, patient_id, insurer, number, relation, share, valid_from)
select current_setting('load.clinic')::uuid, md5('card' || id)::uuid, id, '06130488', i::text, 'insured', 30, date '2020-04-01' from who;

-- One visit on a day at most, over eight years back from the day before the tests' day.
create temporary table came as
select w.id as patient, md5('visit' || w.id || k)::uuid as id, date '2026-07-09' - (k * 2900 / w.visits) as day,
       (date '2026-07-09' - (k * 2900 / w.visits) + time '10:00') at time zone 'Asia/Tokyo' as at, k
from who w, generate_series(0, w.visits - 1) k;

insert into visit (clinic_id, id, patient_id, visit_date, received_at, state, since, kind, department, doctor_id, payable)
select current_setting('load.clinic')::uuid, id, patient, day, at, 'done', at + interval '40 minutes', 'return', '01',
       current_setting('load.doctor')::uuid, 1430
from came order by at;

insert into visit_event (clinic_id, visit_id, state, at, staff_id)
select current_setting('load.clinic')::uuid, id, state, at, current_setting('load.doctor')::uuid
from came, unnest(array['received', 'in_consultation', 'awaiting_payment', 'done']) state;

insert into note (clinic_id, id, visit_id, patient_id, subjective, objective, assessment, plan, author_id, saved_at, saved_by,
                  confirmed_at, confirmed_by)
select current_setting('load.clinic')::uuid, md5('note' || id)::uuid, id, patient, '家庭血圧は130台。ふらつきなし。食事は減塩を続けている。',
       '血圧 138/82、脈拍 72 整。心音純、呼吸音清。下腿浮腫なし。', '高血圧症、脂質異常症。おおむね良好。', '同じ処方を続ける。4週後に再診。',
       current_setting('load.doctor')::uuid, at, current_setting('load.doctor')::uuid, at, current_setting('load.doctor')::uuid
from came order by at;

insert into rp (clinic_id, id, visit_id, position, route, dispensing, usage, times_per_day, count, items)
select current_setting('load.clinic')::uuid, md5('rp' || id)::uuid, id, 1, 'internal', 'pharmacy', '1日1回 朝食後', 1, 28,
       '[{"code":"622060801","name":"アムロジピン錠5mg","yj":null,"general_name":null,"amount":"1","unit":"錠"},
         {"code":"622211601","name":"ロスバスタチン錠2.5mg","yj":null,"general_name":null,"amount":"1","unit":"錠"}]'
from came order by at;

insert into procedure_order (clinic_id, id, visit_id, position, code, name, quantity, unit)
select current_setting('load.clinic')::uuid, md5(code || id)::uuid, id, 1, code, '検査', 1, '回'
from came, unnest(array['160008010', '160054710']) code;

insert into diagnosis (clinic_id, id, patient_id, code, base_name, management, name, suspected, principal, started_on, ended_on, outcome)
select current_setting('load.clinic')::uuid, md5('diagnosis' || w.id || k)::uuid, w.id, '8833421', '高血圧症', '20061573', '病名' || k,
       false, k = 0, date '2019-01-01' + k, case when k > 3 then date '2019-02-01' + k end, case when k > 3 then 'cured' end
from who w, generate_series(0, 4 + w.visits / 40) k;

insert into lab_report (clinic_id, id, patient_id, visit_id, collected_at, entered_by, entered_at)
select current_setting('load.clinic')::uuid, md5('report' || id)::uuid, patient, id, at, current_setting('load.doctor')::uuid, at
from came where k % 2 = 0 order by at;

insert into lab_result (clinic_id, report_id, position, patient_id, collected_at, local_code, name, infection, specimen, number, unit,
                        low, high)
select current_setting('load.clinic')::uuid, md5('report' || id)::uuid, item, patient, at, 'ITEM' || item, '検査項目' || item, false,
       '血清', 100 + (k * item) % 40, 'mg/dL', 80, 130
from came, generate_series(1, 6) item where k % 2 = 0 order by at;

insert into audit (clinic_id, at, staff_id, action, patient_id, subject_id)
select current_setting('load.clinic')::uuid, at, current_setting('load.doctor')::uuid, action, patient, id
from came, unnest(array['chart.open', 'note.confirm']) action order by at;

insert into outbox (clinic_id, id, patient_id, kind, title, identifier, bundle, state, next_attempt_at, created_at, updated_at)
select current_setting('load.clinic')::uuid, md5('outbox' || id)::uuid, patient, 'diagnoses', '傷病名 4件', 'C-' || patient,
       jsonb_build_object('resourceType', 'Bundle', 'text', repeat(md5(id::text), 60)),
       case when k = 0 then 'sent' else 'superseded' end, at, at, at
from came order by at;

drop table who, came;
set session_replication_role = origin;
