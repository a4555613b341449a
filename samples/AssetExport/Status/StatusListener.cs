using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AssetExport;

/// <summary>Separates the page from the webhook. Only the port on which a request arrives counts, not its headers.</summary>
internal sealed class StatusListener
{
    private static readonly StatusListener s_mark = new();

    private StatusListener()
    {
    }

    /// <summary>Whether a request arrived on the status page's port.</summary>
    public static bool Accepted(HttpContext context) => context.Features.Get<StatusListener>() is not null;

    /// <summary>Listens at the addresses of the page and the webhook.</summary>
    public static void Listen(KestrelServerOptions kestrel, StatusSettings settings)
    {
        foreach (BindingAddress url in settings.WebhookUrls)
        {
            Listen(kestrel, url, static _ => { });
        }

        Listen(kestrel, settings.Url, static listen => listen.Use(static next => connection =>
        {
            connection.Features.Set(s_mark);
            return next(connection);
        }));
    }

    private static void Listen(KestrelServerOptions kestrel, BindingAddress url, Action<ListenOptions> configure)
    {
        if (string.Equals(url.Host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            kestrel.ListenLocalhost(url.Port, Configure);
        }
        else if (IPAddress.TryParse(url.Host, out IPAddress? address))
        {
            kestrel.Listen(address, url.Port, Configure);
        }
        else
        {
            // Same meaning of '*' and host names as in Kestrel.
            kestrel.ListenAnyIP(url.Port, Configure);
        }

        void Configure(ListenOptions listen)
        {
            configure(listen);
            if (string.Equals(url.Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase))
            {
                listen.UseHttps();
            }
        }
    }
}
