package io.penstock.body;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.ValueInstantiators;
import tools.jackson.databind.deser.std.StdValueInstantiator;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.module.SimpleModule;

/**
 * An instantiator that calls a constructor through a handle which takes the array of arguments as it is. The library's
 * own spreads the array anew for each object, which allocates about 200 bytes.
 */
final class SpreadCreator extends StdValueInstantiator {

    private static final MethodType OBJECT_OF_ARRAY = MethodType.methodType(Object.class, Object[].class);

    private final MethodHandle constructor;

    private SpreadCreator(StdValueInstantiator usual, MethodHandle constructor) {
        super(usual);
        this.constructor = constructor;
    }

    /** Returns the module that uses such instantiators wherever it can. */
    static JacksonModule module() {
        return new Module();
    }

    /** Returns the instantiator to use: the usual one for anything but a constructor with arguments. */
    private static ValueInstantiator of(ValueInstantiator usual) {
        if (usual.getClass() == StdValueInstantiator.class
                && usual.getWithArgsCreator() instanceof AnnotatedConstructor creator) {
            MethodHandle spread = spread(creator.getAnnotated());
            return spread == null ? usual : new SpreadCreator((StdValueInstantiator) usual, spread);
        }
        return usual;
    }

    /** Returns null if the constructor cannot be reached. */
    private static @Nullable MethodHandle spread(Constructor<?> constructor) {
        try {
            return MethodHandles.lookup()
                    .unreflectConstructor(constructor)
                    .asFixedArity()
                    .asSpreader(Object[].class, constructor.getParameterCount())
                    .asType(OBJECT_OF_ARRAY);
        } catch (IllegalAccessException | IllegalArgumentException notReachable) {
            return null; // the library's own instantiator reports why, if it cannot call it either
        }
    }

    @Override
    public Object createFromObjectWith(DeserializationContext context, Object[] arguments) {
        try {
            return (Object) constructor.invokeExact(arguments);
        } catch (Throwable e) {
            if (e instanceof Error error) {
                throw error;
            }
            return context.handleInstantiationProblem(getValueClass(), arguments, rewrapCtorProblem(context, e));
        }
    }

    private static final class Module extends SimpleModule {
        private static final long serialVersionUID = 1L;

        Module() {
            super("penstock-creators");
        }

        @Override
        public void setupModule(SetupContext context) {
            super.setupModule(context);
            context.addValueInstantiators(new ValueInstantiators.Base() {
                @Override
                public ValueInstantiator modifyValueInstantiator(
                        DeserializationConfig config, BeanDescription.Supplier type, ValueInstantiator usual) {
                    return of(usual);
                }
            });
        }
    }
}
