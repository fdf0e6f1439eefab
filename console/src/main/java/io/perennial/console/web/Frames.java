package io.perennial.console.web;

import io.perennial.clock.DomainClock;
import jakarta.enterprise.context.RequestScoped;

/** Makes the frame of a page for the person who is signed in. */
@RequestScoped
public class Frames {
    private final Visitor visitor;
    private final Assets assets;
    private final DomainClock clock;

    Frames(Visitor visitor, Assets assets, DomainClock clock) {
        this.visitor = visitor;
        this.assets = assets;
        this.clock = clock;
    }

    /** The frame of a page at this place of the navigation. */
    public Frame at(String place) {
        String[] tenants = visitor.tenants();
        boolean several = tenants == null || tenants.length > 1;
        return new Frame(visitor.name(), visitor.mayAct(), several, place, assets.version(), clock.instant());
    }
}
