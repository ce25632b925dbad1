//! Canonical addresses of profiles, code systems and identifier systems.
//!
//! Source: the StructureDefinitions and CodeSystems of JP-CLINS 1.5.2 and its change history (記述仕様「OIDとURLの対応表」).

/// Profile of the bundle that carries one kind of information (5情報).
pub const BUNDLE_CLINS: &str = "http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Bundle_CLINS";
/// Profile of the referral letter's bundle (診療情報提供書).
pub const BUNDLE_EREFERRAL: &str = "http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Bundle_eReferral";
/// Profile of the discharge summary's bundle (退院時サマリー).
pub const BUNDLE_EDISCHARGE: &str = "http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Bundle_eDischargeSummary";
/// Profile of the patient summary's bundle (療養計画書).
pub const BUNDLE_EPCS: &str = "http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Bundle_ePCS";
/// Profile of the health check report's bundle (健診結果報告書).
pub const BUNDLE_ECHECKUP: &str = "http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Bundle_eCheckupGeneral";
/// Profile of the referral letter's composition.
pub const COMPOSITION_EREFERRAL: &str = "http://jpfhir.jp/fhir/eReferral/StructureDefinition/JP_Composition_eReferral";
/// Profile of the discharge summary's composition.
pub const COMPOSITION_EDISCHARGE: &str =
    "http://jpfhir.jp/fhir/eDischargeSummary/StructureDefinition/JP_Composition_eDischargeSummary";
/// Profile of the patient summary's composition.
pub const COMPOSITION_EPCS: &str = "http://jpfhir.jp/fhir/ePCS/StructureDefinition/JP_Composition_ePCS";
/// Profile of the health check report's composition.
pub const COMPOSITION_ECHECKUP: &str = "http://jpfhir.jp/fhir/eCheckup/StructureDefinition/JP_Composition_eCheckupGeneral";
/// Profile of the plan in a patient summary.
pub const CARE_PLAN_EPCS: &str = "http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_CarePlan_ePCS";
/// Profile of a plan, which that of a patient summary narrows.
pub const CARE_PLAN: &str = "http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_CarePlan_eCS";
/// Profile of a file.
pub const DOCUMENT_REFERENCE: &str = "http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_DocumentReference_eCS";
/// Profile of the patient of a health check report.
pub const CHECKUP_PATIENT: &str = "http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Patient_eCheckupGeneral";
/// Start of the addresses of the other profiles of a health check report.
pub const CHECKUP_PROFILE: &str = "http://jpfhir.jp/fhir/eCheckup/StructureDefinition/";
/// Profile of the patient.
pub const PATIENT: &str = "http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Patient_eCS";
/// Profile of a diagnosis.
pub const CONDITION: &str = "http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Condition_eCS";
/// Profile of an allergy.
pub const ALLERGY: &str = "http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_AllergyIntolerance_eCS";
/// Profile of a laboratory result.
pub const OBSERVATION_LAB: &str = "http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Observation_LabResult_eCS";
/// Profile of a drug order.
pub const MEDICATION_REQUEST: &str = "http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_MedicationRequest_eCS";
/// Profile of an institution.
pub const ORGANIZATION: &str = "http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Organization_eCS";
/// Profile of a doctor in a document.
pub const PRACTITIONER: &str = "http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Practitioner_eCS";
/// Profile of an encounter in a document.
pub const ENCOUNTER: &str = "http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Encounter_eCS";
/// JP Core profile that a contained encounter claims (R9013C, R9013O).
pub const CORE_ENCOUNTER: &str = "http://jpfhir.jp/fhir/core/StructureDefinition/JP_Encounter";
/// JP Core profile that a contained practitioner claims (R9019O).
pub const CORE_PRACTITIONER: &str = "http://jpfhir.jp/fhir/core/StructureDefinition/JP_Practitioner";

/// Identifier system of a bundle.
pub const BUNDLE_IDENTIFIER: &str = "http://jpfhir.jp/fhir/clins/bundle-identifier";
/// Code system of the kind of resource that a bundle carries.
pub const BUNDLE_RESOURCE_TYPE: &str = "http://jpfhir.jp/fhir/clins/CodeSystem/BundleResourceType_CS";
/// Identifier system of a resource at its institution.
pub const RESOURCE_IDENTIFIER: &str = "http://jpfhir.jp/fhir/core/IdSystem/resourceInstance-identifier";
/// Identifier system of the ten-digit institution number.
pub const INSTITUTION_NUMBER: &str = "http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no";
/// Extension that carries the institution number.
pub const EXT_INSTITUTION: &str = "http://jpfhir.jp/fhir/clins/Extension/StructureDefinition/JP_eCS_InstitutionNumber";
/// Extension that carries the department.
pub const EXT_DEPARTMENT: &str = "http://jpfhir.jp/fhir/eCS/Extension/StructureDefinition/JP_eCS_Department";
/// Extension that marks the main diagnosis.
pub const EXT_DIAGNOSIS_TYPE: &str = "http://jpfhir.jp/fhir/eCS/Extension/StructureDefinition/JP_eCS_DiagnosisType";
/// Extension of a modifier before the disease name.
pub const EXT_PREFIX: &str = "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Condition_DiseasePrefixModifier";
/// Extension of a modifier behind the disease name.
pub const EXT_POSTFIX: &str = "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Condition_DiseasePostfixModifier";
/// Extension that tells kanji (IDE) from kana (SYL).
pub const EXT_NAME_REPRESENTATION: &str = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation";
/// Extension that carries a document's version.
pub const EXT_DOCUMENT_VERSION: &str = "http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber";
/// Code system of departments (SS-MIX2 診療科).
pub const DEPARTMENT: &str = "http://jami.jp/SS-MIX2/CodeSystem/ClinicalDepartment";
/// Identifier system of the insured person (被保険者個人識別子).
pub const MEMBER_ID: &str = "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID";
/// Identifier system of a person on public assistance (生活保護).
pub const PUBLIC_MEMBER_ID: &str = "http://jpfhir.jp/fhir/clins/Idsystem/JP_PublicPayer_memberID";
/// Start of the identifier system of a patient number at an institution; `1` and the ten digits follow.
pub const LOCAL_PATIENT_PREFIX: &str = "urn:oid:1.2.392.100495.20.3.51.";
/// Start of the identifier system of a doctor at an institution; `1` and the ten digits follow.
pub const LOCAL_DOCTOR_PREFIX: &str = "urn:oid:1.2.392.100495.20.3.41.";
/// Code system of the flags for long-term keeping and for what the patient is not told.
pub const INDICATION: &str = "http://jpfhir.jp/fhir/clins/CodeSystem/JP_ehrshrs_indication";

/// MEDIS management number of a disease (病名管理番号).
pub const DISEASE_KEY: &str = "http://medis.or.jp/CodeSystem/master-disease-keyNumber";
/// MEDIS exchange code of a disease (病名交換用コード).
pub const DISEASE_EXCHANGE: &str = "http://medis.or.jp/CodeSystem/master-disease-exCode";
/// Claim code of a disease (レセプト電算処理用傷病名コード).
pub const DISEASE_CLAIM: &str = "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/masterB-disease";
/// ICD-10 (2013).
pub const ICD10: &str = "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/ICD10-2013-full";
/// MEDIS management number of a modifier.
pub const MODIFIER_KEY: &str = "http://medis.or.jp/CodeSystem/master-disease-modKeyNumber";
/// Claim code of a modifier.
pub const MODIFIER_CLAIM: &str = "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/masterZ-disease-modifier";

/// The clinic's own laboratory item code.
pub const LAB_LOCAL: &str = "http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_LocalCode_CS";
/// Designated core tests, JLAC10.
pub const LAB_CORE: &str = "http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_CoreLabo_CS";
/// Designated infection tests, JLAC10.
pub const LAB_INFECTION: &str = "http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_InfectionLabo_CS";
/// Designated core tests, JLAC11.
pub const LAB_CORE_11: &str = "http://jpfhir.jp/fhir/clins/CodeSystem/JLAC11/JP_CLINS_ObsLabResult_CoreLabo_CS";
/// Designated infection tests, JLAC11.
pub const LAB_INFECTION_11: &str = "http://jpfhir.jp/fhir/clins/CodeSystem/JLAC11/JP_CLINS_ObsLabResult_InfectionLabo_CS";
/// General JLAC10, 17 digits.
pub const JLAC10: &str = "http://medis.or.jp/CodeSystem/master-JLAC10-17digits";
/// The entry for items without a standard code.
pub const LAB_UNCODED: &str = "http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_Uncoded_CS";
/// Categories of observations.
pub const OBSERVATION_CATEGORY: &str = "http://jpfhir.jp/fhir/core/CodeSystem/JP_SimpleObservationCategory_CS";
/// Positive, negative, held (陽性・陰性・判定保留).
pub const POS_NEG: &str = "http://jpfhir.jp/fhir/LaboResult/CodeSystem/JP_PosNegHold_CS";
/// Grades of urine tests.
pub const URINE_GRADE: &str = "http://jpfhir.jp/fhir/LaboResult/CodeSystem/JP_Urine_Code_CS";
/// Blood group ABO.
pub const BLOOD_ABO: &str = "http://jpfhir.jp/fhir/LaboResult/CodeSystem/JP_BldABO_CS";
/// Blood group Rh.
pub const BLOOD_RH: &str = "http://jpfhir.jp/fhir/LaboResult/CodeSystem/JP_BldRh_CS";
/// UCUM.
pub const UCUM: &str = "http://unitsofmeasure.org";

/// Food allergens of J-FAGY.
pub const ALLERGEN_FOOD: &str = "http://jpfhir.jp/fhir/core/CodeSystem/JP_JfagyFoodAllergen_CS";
/// Other allergens of J-FAGY.
pub const ALLERGEN_OTHER: &str = "http://jpfhir.jp/fhir/core/CodeSystem/JP_JfagyNonFoodNonMedicationAllergen_CS";
/// Drugs by YJ code.
pub const ALLERGEN_DRUG: &str = "http://jpfhir.jp/fhir/core/CodeSystem/YCM/JP_JfagyMedicationAllergen_CS";
/// Drugs by YJ code without the maker.
pub const ALLERGEN_DRUG_GENERIC: &str = "http://jpfhir.jp/fhir/core/CodeSystem/GCM/JP_JfagyMedicationAllergen_CS";

/// Types of documents.
pub const DOC_TYPE: &str = "http://jpfhir.jp/fhir/Common/CodeSystem/doc-typecodes";
/// Subtypes of documents.
pub const DOC_SUBTYPE: &str = "http://jpfhir.jp/fhir/Common/CodeSystem/doc-subtypecodes";
/// Sections of documents.
pub const SECTION: &str = "http://jpfhir.jp/fhir/clins/CodeSystem/document-section";
/// Sections of a health check report.
pub const CHECKUP_SECTION: &str = "http://jpfhir.jp/fhir/eCheckup/CodeSystem/section-code";
/// Items of a health check (健診項目コード).
pub const CHECKUP_ITEM: &str = "urn:oid:1.2.392.200119.6.1005";
/// Kinds of health check reports (報告区分).
pub const CHECKUP_REPORT: &str = "urn:oid:2.16.840.1.113883.2.2.1.6.1001";
/// Programmes of health checks (実施区分).
pub const CHECKUP_PROGRAMME: &str = "urn:oid:1.2.392.200119.6.1002";
/// Tickets (受診券・利用券).
pub const CHECKUP_TICKET: &str = "urn:oid:1.2.392.200119.6.208";
/// Insurer numbers (保険者番号).
pub const INSURER_NUMBER: &str = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber";
/// How a patient left (退院時転帰).
pub const DISPOSITION: &str = "http://jpfhir.jp/fhir/Common/CodeSystem/discharge-disposition";
/// From where a patient came (入院経路).
pub const ADMISSION: &str = "http://jpfhir.jp/fhir/Common/CodeSystem/admit-Source";
/// Categories of plans.
pub const PLAN_CATEGORY: &str = "http://jpfhir.jp/fhir/CarePlan/CodeSystem/category";

/// Number of a prescription group within its prescription (RP番号).
pub const RP_NUMBER: &str = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/Medication-RPGroupNumber";
/// Place of a drug within its group.
pub const RP_INDEX: &str = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/MedicationAdministrationIndex";
/// YJ codes of drugs.
pub const YJ: &str = "http://capstandard.jp/iyaku.info/CodeSystem/YJ-code";
/// Codes of prescriptions by general name (一般名処方マスタ).
pub const GENERAL_NAME: &str = "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationGeneralOrderCode";
/// The entry for drugs without a standard code.
pub const DRUG_UNCODED: &str = "http://jpfhir.jp/fhir/eCS/CodeSystem/MedicationCodeNocoded_CS";
/// Usages of the electronic prescription (電子処方箋用法コード).
pub const USAGE: &str = "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationUsage_ePrescription";
/// The entry for usages without a code.
pub const USAGE_UNCODED: &str = "http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_MedicationUsage_Uncoded_CS";
/// Units of drugs (MERIT-9).
pub const DRUG_UNIT: &str = "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationUnitMERIT9Code";
/// Whether an amount is of the product or of its substance (力価区分).
pub const STRENGTH: &str = "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationIngredientStrengthStrengthType";
/// For whom a drug was prescribed (MERIT-9).
pub const DRUG_CATEGORY: &str = "http://jpfhir.jp/fhir/core/CodeSystem/JP_MedicationCategoryMERIT9_CS";
/// Ways of use, one digit (JAMI).
pub const DRUG_METHOD: &str = "http://jami.jp/CodeSystem/MedicationMethodBasicUsage";
/// Extension with the first day of use.
pub const EXT_PERIOD_OF_USE: &str = "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_MedicationDosage_PeriodOfUse";
/// Extension with the number of times a drug may be taken when needed.
pub const EXT_REPEAT_COUNT: &str =
    "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_MedicationRequest_DispenseRequest_ExpectedRepeatCount";
