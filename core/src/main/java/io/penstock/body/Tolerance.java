package io.penstock.body;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.penstock.http.Secret;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.Version;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.jdk.NumberDeserializers;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.util.TokenBuffer;

/**
 * The second, tolerant reading of a body, after a strict reading has found a value that does not fit its type. Most
 * bodies need only the first reading, which costs nothing extra.
 *
 * <p>A record that collects further members in a map ({@link JsonAnySetter}) can lose nothing. If the value of a
 * component does not fit, and the component may be null or is a collection, the value is put into that map as it was
 * sent, and noted; the component is null. A component that must not be null is a promise, so a value that does not fit
 * makes the body unreadable. The same holds for a value that would fit only after a change: a fraction is never a whole
 * number. A whole number may be written as 12.0.
 */
final class Tolerance {

    private static final BigDecimal LARGEST = BigDecimal.TEN.pow(400);

    private Tolerance() {}

    /** A fraction in place of a whole number. */
    private static final class Fraction extends DatabindException {
        private static final long serialVersionUID = 1L;

        private Fraction(JsonParser parser) {
            super(parser, "a fraction");
        }
    }

    /** Returns whether a tolerant reading may succeed where this one failed; false if the body is not JSON. */
    static boolean mayHelp(JacksonException e) {
        return e instanceof DatabindException || e instanceof InputCoercionException;
    }

    /** Returns what was expected, if the expected type does not tell, or null. */
    static @Nullable String expectedBy(JacksonException e) {
        return e instanceof Fraction ? "a whole number" : null;
    }

    static JacksonModule module() {
        SimpleModule module = new SimpleModule("penstock-tolerance");
        for (Class<?> type : new Class<?>[] {
            long.class,
            Long.class,
            int.class,
            Integer.class,
            short.class,
            Short.class,
            byte.class,
            Byte.class,
            BigInteger.class
        }) {
            addWhole(module, type);
        }
        return module.setDeserializerModifier(new Keeping());
    }

    @SuppressWarnings("unchecked") // the deserializer of a type returns values of that type
    private static <T> void addWhole(SimpleModule module, Class<T> type) {
        module.addDeserializer(
                type, (ValueDeserializer<T>) (ValueDeserializer<?>) new Whole(NumberDeserializers.find(type), type));
    }

    /** A deserializer for whole numbers that accepts a decimal point. */
    private static final class Whole extends DelegatingDeserializer {
        private final Class<?> type;

        Whole(ValueDeserializer<?> usual, Class<?> type) {
            super(usual);
            this.type = type;
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> usual) {
            return new Whole(usual, type);
        }

        @Override
        public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
                return super.deserialize(parser, context);
            }
            BigDecimal number = parser.getDecimalValue();
            try {
                if (number.stripTrailingZeros().scale() > 0) {
                    throw new Fraction(parser);
                }
                if (number.abs().compareTo(LARGEST) > 0) {
                    throw new ArithmeticException("too large");
                }
                BigInteger whole = number.toBigIntegerExact();
                return type == BigInteger.class ? whole : narrow(whole);
            } catch (ArithmeticException outOfRange) {
                throw MismatchedInputException.from(parser, type, "out of range");
            }
        }

        private Object narrow(BigInteger whole) {
            if (type == long.class || type == Long.class) {
                return whole.longValueExact();
            }
            if (type == int.class || type == Integer.class) {
                return whole.intValueExact();
            }
            if (type == short.class || type == Short.class) {
                return whole.shortValueExact();
            }
            return whole.byteValueExact();
        }
    }

    /** A record with a map for values that do not fit. */
    private record Keeper(Class<?> type, int mapAt) {

        private static final ClassValue<Object> KNOWN = new ClassValue<>() {
            @Override
            protected Object computeValue(Class<?> type) {
                Keeper keeper = find(type);
                return keeper == null ? "none" : keeper;
            }
        };

        /** Returns null if the class is no such record. */
        static @Nullable Keeper of(Class<?> type) {
            return KNOWN.get(type) instanceof Keeper keeper ? keeper : null;
        }

        private static @Nullable Keeper find(Class<?> type) {
            RecordComponent[] components = type.isRecord() ? type.getRecordComponents() : new RecordComponent[0];
            for (int i = 0; i < components.length; i++) {
                if (components[i].getType() == Map.class && collects(type, components[i])) {
                    return new Keeper(type, i);
                }
            }
            return null;
        }

        private static boolean collects(Class<?> type, RecordComponent component) {
            if (component.getAccessor().isAnnotationPresent(JsonAnySetter.class)) {
                return true;
            }
            try {
                return type.getDeclaredField(component.getName()).isAnnotationPresent(JsonAnySetter.class);
            } catch (NoSuchFieldException e) {
                throw new IllegalStateException("a record has a field for each component", e);
            }
        }

        /** Returns whether a component is read tolerantly. A secret never is: kept in the map, it could be printed. */
        boolean tolerates(int component) {
            RecordComponent at = type.getRecordComponents()[component];
            return component != mapAt
                    && at.getType() != Secret.class
                    && (isNullable(at.getAnnotatedType())
                            || Collection.class.isAssignableFrom(at.getType())
                            || Map.class.isAssignableFrom(at.getType()));
        }

        private static boolean isNullable(AnnotatedElement type) {
            return Stream.of(type.getAnnotations())
                    .map(Annotation::annotationType)
                    .anyMatch(annotation -> annotation.getSimpleName().equals("Nullable"));
        }

        /** Returns a copy of the record with further members. */
        Object with(Object value, Map<String, JsonNode> odd) throws ReflectiveOperationException {
            RecordComponent[] components = type.getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                components[i].getAccessor().setAccessible(true);
                values[i] = components[i].getAccessor().invoke(value);
            }
            Map<Object, Object> all = new LinkedHashMap<>();
            if (values[mapAt] instanceof Map<?, ?> known) {
                all.putAll(known);
            }
            all.putAll(odd);
            values[mapAt] = all;
            Constructor<?> canonical = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical.newInstance(values);
        }
    }

    /** An introspector that selects the components to read tolerantly, whatever their other annotations say. */
    static final class Components extends NopAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Object findDeserializer(MapperConfig<?> config, Annotated annotated) {
            if (!(annotated instanceof AnnotatedParameter parameter)
                    || !(parameter.getOwner() instanceof AnnotatedConstructor constructor)) {
                return null;
            }
            Class<?> type = parameter.getDeclaringClass();
            Keeper keeper = Keeper.of(type);
            return keeper != null
                            && constructor.getParameterCount() == type.getRecordComponents().length
                            && keeper.tolerates(parameter.getIndex())
                    ? new Component(null)
                    : null;
        }

        @Override
        public Version version() {
            return Version.unknownVersion();
        }
    }

    /** A deserializer for a component that keeps a value that does not fit. */
    private static final class Component extends ValueDeserializer<Object> {
        private static final JacksonAnnotationIntrospector USUAL = new JacksonAnnotationIntrospector();

        private final @Nullable BeanProperty property;
        /** Looked up on first use, because a record may be a component of itself. */
        private volatile @Nullable ValueDeserializer<Object> usual;

        Component(@Nullable BeanProperty property) {
            this.property = property;
        }

        @Override
        public ValueDeserializer<?> createContextual(DeserializationContext context, BeanProperty of) {
            return new Component(of);
        }

        @SuppressWarnings("unchecked") // a deserializer of any type returns an object
        private ValueDeserializer<Object> usual(DeserializationContext context, BeanProperty of) {
            ValueDeserializer<Object> known = usual;
            if (known != null) {
                return known;
            }
            Object given = USUAL.findDeserializer(context.getConfig(), of.getMember());
            ValueDeserializer<Object> found = given == null
                    ? context.findContextualValueDeserializer(of.getType(), of)
                    : (ValueDeserializer<Object>) context.handlePrimaryContextualization(
                            context.deserializerInstance(of.getMember(), given), of, of.getType());
            usual = found;
            return found;
        }

        @Override
        public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
            BeanProperty of = property;
            OddMembers odd = OddMembers.of(context);
            if (of == null || odd == null) {
                return context.reportInputMismatch(Object.class, "read outside of a record");
            }
            TokenBuffer value = context.bufferAsCopyOfValue(parser);
            try (JsonParser copy = value.asParserOnFirstToken(context)) {
                Object read = usual(context, of).deserialize(copy, context);
                if (copy.nextToken() != null) {
                    // The library's deserializer of texts accepts [["a"]] as a list of texts, and leaves unread what it
                    // cannot read.
                    throw MismatchedInputException.from(copy, of.getType(), "more than one value");
                }
                return read;
            } catch (MismatchedInputException | ValueInstantiationException | InputCoercionException e) {
                try (JsonParser copy = value.asParserOnFirstToken(context)) {
                    odd.keep(
                            of.getName(),
                            context.readTree(copy),
                            of.getMember().getDeclaringClass(),
                            of.getType().getRawClass());
                }
                return null;
            }
        }
    }

    /** A modifier that adds the kept members to a record created without them. */
    private static final class Keeping extends ValueDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public ValueDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription.Supplier description, ValueDeserializer<?> usual) {
            JavaType type = description.getType();
            Keeper keeper = Keeper.of(type.getRawClass());
            return keeper == null ? usual : new KeeperDeserializer(usual, keeper);
        }
    }

    private static final class KeeperDeserializer extends DelegatingDeserializer {
        private final Keeper keeper;

        KeeperDeserializer(ValueDeserializer<?> usual, Keeper keeper) {
            super(usual);
            this.keeper = keeper;
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> usual) {
            return new KeeperDeserializer(usual, keeper);
        }

        @Override
        public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
            OddMembers odd = OddMembers.of(context);
            if (odd == null) {
                return super.deserialize(parser, context);
            }
            odd.begin();
            Object value = null;
            Map<String, JsonNode> kept;
            try {
                value = super.deserialize(parser, context);
            } finally {
                kept = odd.end();
            }
            if (kept.isEmpty() || value == null) {
                return value;
            }
            try {
                return keeper.with(value, kept);
            } catch (ReflectiveOperationException | RuntimeException e) {
                throw MismatchedInputException.from(parser, keeper.type(), "what does not fit cannot be kept");
            }
        }
    }
}
