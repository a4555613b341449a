namespace AssetCompute.Emulator;

/// <summary>The assets of AEM with what of them is published, and the registrations with what became of their deliveries.</summary>
internal static class AemView
{
    private const int MostAssets = 50;
    private const int MostAttempts = 20;

    public static void Add(Html html, EmulatorAem aem)
    {
        AddRegistrations(html, [.. aem.Registrations]);
        AddAssets(html, aem.Assets);
    }

    private static void AddRegistrations(Html html, IReadOnlyList<EventRegistration> registrations)
    {
        html.Add($"""<h3>Registrations</h3>""");
        if (registrations.Count == 0)
        {
            html.Add($"""<p class="empty">Nobody is registered for events of AEM. Post to <code>/emulator/aem/registrations</code>.</p>""");
            return;
        }

        html.Add($"""<ol class="entries">""");
        foreach (var registration in registrations)
        {
            AddRegistration(html, registration);
        }

        html.Add($"</ol>");
    }

    private static void AddRegistration(Html html, EventRegistration registration)
    {
        var status = registration.Status;
        html.Add($"""<li class="{(status == EventRegistrationStatus.Active ? "" : "failed")}"><p><strong>{status.ToString()}</strong> {registration.Name} <code>{registration.Id}</code></p>""");
        html.Add($"""<p class="facts">{(registration.Form == EventForm.Xdm ? "XDM" : "CloudEvents")}: {string.Join(", ", registration.Events.Select(kind => kind.ToString()))}. Client <code>{registration.ClientId}</code>, {registration.JournalCount} events in the journal.</p>""");
        if (registration.WebhookUrl is { } webhook)
        {
            var attempts = registration.Attempts;
            html.Add($"""<p class="facts">{(registration.IsBatch ? "Batches" : "Events")} to <span class="path">{webhook.GetLeftPart(UriPartial.Path)}</span>: {Count(attempts, WebhookOutcome.Delivered)} delivered, {Count(attempts, WebhookOutcome.Dropped)} dropped, {registration.PendingEvents} waiting.</p>""");
            if (registration.StatusReason is { } reason)
            {
                html.Add($"""<p class="facts"><span class="bad">{reason}</span></p>""");
            }

            AddAttempts(html, registration.Id, attempts);
        }

        html.Add($"</li>");
    }

    private static void AddAttempts(Html html, string registration, IReadOnlyList<WebhookAttempt> attempts)
    {
        if (attempts.Count == 0)
        {
            return;
        }

        html.Add($"""<details data-key="attempts-{registration}"><summary>The newest attempts</summary><pre tabindex="0">""");
        foreach (var attempt in attempts.TakeLast(MostAttempts).Reverse())
        {
            html.Add($"{JobsView.Time(attempt.Time)}  {(attempt.Status is { } status ? $"{status}" : "—")}  {attempt.Outcome.ToString().ToLowerInvariant()}, {attempt.EventIds.Count} events, retry {attempt.RetryCount}");
            if (attempt.NextAttemptAt is { } next)
            {
                html.Add($", next at {JobsView.Time(next)}");
            }

            html.Add($"{(attempt.Problem is { } problem ? $"  {problem}" : "")}\n");
        }

        html.Add($"</pre></details>");
    }

    private static void AddAssets(Html html, IReadOnlyList<AemAsset> assets)
    {
        html.Add($"""<h3>Assets</h3>""");
        if (assets.Count == 0)
        {
            html.Add($"""<p class="empty">No asset yet. Put one to <code>/emulator/aem/assets/content/dam/…</code>.</p>""");
            return;
        }

        html.Add($"""<p class="facts">{assets.Count} assets, {assets.Count(asset => asset.PublishedAt is not null)} published.</p><ol class="entries">""");
        foreach (var asset in assets.OrderByDescending(asset => asset.PublishedAt ?? asset.ModifiedAt).Take(MostAssets))
        {
            html.Add($"""<li><p><strong>{StateOf(asset)}</strong> <span class="path">{asset.Path}</span></p><p class="facts">version {asset.Version}, {asset.ContentType}, {asset.Size} bytes""");
            foreach (var (name, value) in asset.Metadata)
            {
                html.Add($", {name}: {value.ToString()}");
            }

            html.Add($"</p></li>");
        }

        html.Add($"</ol>");
        if (assets.Count > MostAssets)
        {
            html.Add($"""<p class="empty">and {assets.Count - MostAssets} more</p>""");
        }
    }

    private static int Count(IReadOnlyList<WebhookAttempt> attempts, WebhookOutcome outcome) => attempts.Count(attempt => attempt.Outcome == outcome);

    private static string StateOf(AemAsset asset) =>
        asset.PublishedVersion is not { } version ? "not published"
        : version == asset.Version ? "published"
        : "published in an older version";
}
