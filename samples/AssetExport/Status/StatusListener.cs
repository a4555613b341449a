using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AssetExport;

/// <summary>Keeps page and webhook apart: whatever a request claims in its headers, the port that it came in by decides.</summary>
internal sealed class StatusListener
{
    private static readonly StatusListener s_mark = new();

    private StatusListener()
    {
    }

    /// <summary>Whether a request came in by the status page's port.</summary>
    public static bool Accepted(HttpContext context) => context.Features.Get<StatusListener>() is not null;

    /// <summary>Listens at the addresses of both.</summary>
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
            // As Kestrel understands '*' and host names.
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
