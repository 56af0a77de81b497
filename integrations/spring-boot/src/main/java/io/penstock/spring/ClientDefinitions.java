package io.penstock.spring;

import io.penstock.ApiClient;
import io.penstock.micrometer.ClientMeters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Registers the beans of each client: {@code <name>} with the vendor's typed operations, {@code <name>Client} with the
 * generic client, and {@code <name>ClientMeters}.
 */
final class ClientDefinitions implements BeanDefinitionRegistryPostProcessor {

    static final String NAMES = "io.penstock.spring.clients";

    private final Environment environment;
    private final ConfigurableBeanFactory beans;

    ClientDefinitions(Environment environment, ConfigurableBeanFactory beans) {
        this.environment = environment;
        this.beans = beans;
    }

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        PenstockProperties properties = read();
        Map<String, String> canonical = new HashMap<>();
        properties.getClients().keySet().forEach(name -> {
            String other = canonical.put(name.replace("-", "").toLowerCase(Locale.ROOT), name);
            if (other != null) {
                throw new BadPropertyException(
                        "penstock.clients." + name,
                        "the name of client " + other + " in another spelling",
                        "one name for each client");
            }
        });
        List<String> names = new ArrayList<>(properties.getClients().keySet());
        properties.getClients().forEach((name, client) -> define(registry, name, client));
        add(registry, NAMES, ConfiguredClients.class, () -> new ConfiguredClients(beans, names), false);
    }

    private PenstockProperties read() {
        try {
            return Binder.get(environment).bindOrCreate("penstock", PenstockProperties.class);
        } catch (BindException e) {
            throw new BadPropertyException(innermost(e).getName().toString(), "cannot be read", expected(innermost(e)));
        }
    }

    /** Returns the failure that names the property itself. */
    private static BindException innermost(BindException e) {
        BindException innermost = e;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException inner) {
                innermost = inner;
            }
        }
        return innermost;
    }

    private static String expected(BindException e) {
        Class<?> type = e.getTarget().getType().toClass();
        if (type == Duration.class) {
            return "a duration, such as 30s";
        }
        if (type == DataSize.class) {
            return "a data size, such as 16MB";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        return type == Integer.class ? "a whole number" : "a value of the documented type";
    }

    private void define(BeanDefinitionRegistry registry, String name, PenstockProperties.Client client) {
        String vendor = ClientFactory.vendor(name, client).id();
        String bean = ConfiguredClients.beanOf(name);
        check(registry, name, bean);
        add(
                registry,
                bean,
                ApiClient.class,
                () -> beans.getBean(ClientFactory.class).create(name, client),
                true);
        add(
                registry,
                bean + "Meters",
                ClientMeters.class,
                () -> ClientMeters.of(beans.getBean(bean, ApiClient.class), name),
                true);
        Facades.Facade<?> facade = Facades.of(vendor);
        if (facade != null) {
            check(registry, name, name);
            over(registry, name, bean, facade);
        }
    }

    private <T> void over(BeanDefinitionRegistry registry, String name, String bean, Facades.Facade<T> facade) {
        add(registry, name, facade.type(), () -> facade.over().apply(beans.getBean(bean, ApiClient.class)), false);
    }

    private static void check(BeanDefinitionRegistry registry, String name, String bean) {
        if (registry.containsBeanDefinition(bean)) {
            throw new BadPropertyException(
                    "penstock.clients." + name, "there is another bean " + bean, "another name for the client");
        }
    }

    private static <T> void add(
            BeanDefinitionRegistry registry, String name, Class<T> type, Supplier<T> creation, boolean closes) {
        BeanDefinitionBuilder definition = BeanDefinitionBuilder.genericBeanDefinition(type, creation);
        if (closes) {
            definition.setDestroyMethodName("close");
        }
        registry.registerBeanDefinition(name, definition.getBeanDefinition());
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
        // the definitions are all there is
    }
}
