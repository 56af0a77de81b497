package io.penstock.benchmarks.coldstart;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the programs fetch, and how they tell that they have it.
 *
 * @param id a number
 * @param text some words
 */
public record Greeting(int id, String text) {

    static final String JSON = "{\"id\":7,\"text\":\"good morning\",\"more\":[1,2,3]}";

    /** The first line is what the watching process waits for; the second is worked out after it. Ends the JVM. */
    static void answered(Greeting greeting) {
        System.out.println("answered " + greeting.id);
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        System.out.println(system.getProcessCpuTime());
        System.out.flush();
        System.exit(0);
    }
}
