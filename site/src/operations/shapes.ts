/** What the API says to operators. */

import type { components } from "../../generated/contract.ts";

type Schemas = components["schemas"];

export type Failures = Schemas["Failures"];
export type FailedQueue = Schemas["FailedQueue"];
export type WaitingItem = Schemas["WaitingItem"];
export type Organism = Schemas["EnrolledOrganism"];
export type OrganismPage = Schemas["EnrolledPage"];
export type OrganismDetails = Schemas["EnrolledDetails"];
export type Enrolment = Schemas["Enrolment"];
export type Enrolled = Schemas["Enrolled"];
export type Person = Schemas["Person"];
export type PeoplePage = Schemas["PeoplePage"];
export type DirectoryCheck = Schemas["DirectoryCheck"];
export type DirectoryLoad = Schemas["DirectoryLoad"];
export type Redriven = Schemas["Redriven"];
