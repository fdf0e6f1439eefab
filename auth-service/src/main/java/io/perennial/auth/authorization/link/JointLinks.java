package io.perennial.auth.authorization.link;

import io.perennial.auth.authorization.link.ConsentLinks.Target;
import io.perennial.contracts.RenewalReason;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Which connections one link of a campaign covers; whoever keeps campaigns implements it. */
public interface JointLinks {
    /** A mail of a campaign: its number, and the connection in whose name the mail goes out. */
    record Wish(int campaign, UUID connectionId) {}

    /** What a link of the mail covers: that connection first, then all of the same contact that are still to be renewed. */
    record Joint(int campaign, RenewalReason reason, List<Target> targets) {}

    /** By wish; absent where there is no such mail, or nothing is left to be renewed. */
    Uni<Map<Wish, Joint>> find(Collection<Wish> wishes);

    /** Notes which link a mail got, to tell later who followed it. */
    Uni<Void> issued(Wish wish, UUID linkId);
}
