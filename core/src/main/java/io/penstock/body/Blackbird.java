package io.penstock.body;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import tools.jackson.databind.JacksonModule;

/**
 * The JSON library's own module that binds by generated code in place of reflection. Core does not depend on it. It is
 * used if the application has {@code tools.jackson.module:jackson-module-blackbird} on the class path. {@code Decode}
 * of the benchmarks measures both.
 */
final class Blackbird {

    private static final String MODULE = "tools.jackson.module.blackbird.BlackbirdModule";

    /** Looked up once, because a class path does not change. */
    private static final List<JacksonModule> FOUND = find(MODULE, Blackbird.class.getClassLoader());

    private Blackbird() {}

    /** Returns the module, or an empty list if it is absent. */
    static List<JacksonModule> modules() {
        return FOUND;
    }

    /** Returns an instance of this class; an empty list if the loader has no such class or it is incompatible. */
    static List<JacksonModule> find(String name, ClassLoader loader) {
        try {
            Class<?> type = Class.forName(name, true, loader);
            return List.of((JacksonModule) type.getConstructor().newInstance());
        } catch (ClassNotFoundException
                | LinkageError
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException notThere) {
            return List.of(); // decoding works without it
        }
    }
}
