package io.penstock.test.simulator.invicti;

import java.util.Collection;
import tools.jackson.databind.node.ObjectNode;

/** The items of a list for a call, before paging. */
interface Items {
    Collection<ObjectNode> of(Call call);
}
