package io.penstock.test.simulator.invicti;

/** A group of operations, with the rules, forms, ids and audit log that all of them share. */
abstract class Section {

    final InvictiRules rules;
    final Wire wire;
    final Ids ids;
    final Audit audit;

    Section(InvictiRules rules, Wire wire, Ids ids, Audit audit) {
        this.rules = rules;
        this.wire = wire;
        this.ids = ids;
        this.audit = audit;
    }
}
