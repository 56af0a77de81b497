package io.penstock.benchmarks.coldstart;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The value that the programs fetch, and their report that they have it.
 *
 * @param id a number
 * @param text some words
 */
public record Greeting(int id, String text) {

    static final String JSON = "{\"id\":7,\"text\":\"good morning\",\"more\":[1,2,3]}";

    /** Prints the line that the parent process waits for, then a second line with the CPU time, and ends the JVM. */
    static void answered(Greeting greeting) {
        System.out.println("answered " + greeting.id);
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        System.out.println(system.getProcessCpuTime());
        System.out.flush();
        System.exit(0);
    }
}
