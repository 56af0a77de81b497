package io.penstock.spring;

import io.penstock.ApiClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;

/** The clients that the properties name. */
final class ConfiguredClients {

    private final ConfigurableBeanFactory beans;
    private final List<String> names;

    ConfiguredClients(ConfigurableBeanFactory beans, List<String> names) {
        this.beans = beans;
        this.names = names;
    }

    /** Returns the bean name of a client. */
    static String beanOf(String name) {
        return name + "Client";
    }

    /** Returns the clients by name. */
    Map<String, ApiClient> all() {
        Map<String, ApiClient> clients = new LinkedHashMap<>();
        names.forEach(name -> clients.put(name, beans.getBean(beanOf(name), ApiClient.class)));
        return clients;
    }

    /** Returns the clients that have been created: with lazy initialization, perhaps not all. */
    List<ApiClient> created() {
        List<ApiClient> clients = new ArrayList<>();
        for (String name : names) {
            if (beans.getSingleton(beanOf(name)) instanceof ApiClient client) {
                clients.add(client);
            }
        }
        return clients;
    }
}
