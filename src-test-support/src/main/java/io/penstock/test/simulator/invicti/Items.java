package io.penstock.test.simulator.invicti;

import java.util.Collection;
import tools.jackson.databind.node.ObjectNode;

/** All that a list has for a call, before it is cut into pages. */
interface Items {
    Collection<ObjectNode> of(Call call);
}
