package io.perennial.merchants.year;

import io.perennial.launcher.stack.StackService;
import io.perennial.merchants.Shop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the inbox and the provider hold, whatever the services say.
 *
 * @param inbox the Message-ID of each mail to one of the shops
 * @param ends until when each account's authorization is good
 * @param exchanges when the last code of each account was exchanged
 */
record Facts(List<String> inbox, Map<String, Instant> ends, Map<String, Instant> exchanges) {

    static Facts of(Tables tables, List<Shop> shops) {
        Set<String> addresses =
                shops.stream().map(shop -> shop.seller().email()).collect(Collectors.toSet());
        List<String> inbox = new ArrayList<>();
        tables.each(StackService.SANDBOX, "select recipients, message_id from mail", row -> {
            if (addresses.contains(row.getString(1))) {
                inbox.add(row.getString(2));
            }
        });
        return new Facts(
                inbox,
                tables.instants(StackService.SANDBOX, "select seller_id, expires_at from authorization_given"),
                tables.instants(
                        StackService.SANDBOX,
                        """
                        select seller_id, max(domain_time) from call_log
                         where grant_type = 'authorization_code' and status = 200 group by 1
                        """));
    }
}
