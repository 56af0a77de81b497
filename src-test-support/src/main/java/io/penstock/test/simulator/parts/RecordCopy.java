package io.penstock.test.simulator.parts;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;

/** Copies of public records with one component changed. */
public final class RecordCopy {

    private RecordCopy() {}

    /**
     * Returns a copy with another value of one component. The record's constructor checks the values as always.
     *
     * @throws IllegalArgumentException if there is no such component, or the constructor refuses the value
     */
    @SuppressWarnings("unchecked") // the class of an R creates an R
    public static <R extends Record> R with(R record, String component, Object value) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        boolean found = false;
        try {
            for (int i = 0; i < components.length; i++) {
                boolean changed = components[i].getName().equals(component);
                found |= changed;
                types[i] = components[i].getType();
                values[i] = changed ? value : components[i].getAccessor().invoke(record);
            }
            Expected.that(found, "component", component, "one of " + record.getClass());
            return (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException refused ? refused : new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
