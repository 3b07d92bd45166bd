<?php
namespace OmsBridge;

/** Tells Entrepot what is in the outbox. It may fail without harm: Entrepot reads the outbox by cursor as well. */
class Webhook
{
    const CONNECT_MS = 500;
    const TOTAL_MS = 1000;
    const BATCH = 500;
    const FIRST_PAUSE = 5;
    const LONGEST_PAUSE = 3600;

    private $db;
    private $settings;
    private $outbox;
    private $clock;

    public function __construct(Db $db, Settings $settings, Outbox $outbox, Clock $clock)
    {
        $this->db = $db;
        $this->settings = $settings;
        $this->outbox = $outbox;
        $this->clock = $clock;
    }

    public function state()
    {
        $url = $this->settings->get('webhook_url');
        return array(
            'url' => $url,
            'enabled' => $url !== null,
            'pending' => $url === null ? 0 : $this->outbox->pending(),
            'last_error' => $this->settings->get('webhook_error'),
        );
    }

    public function point($url)
    {
        if ($url !== null && (!is_string($url) || strlen($url) > 500 || !preg_match('~^https?://[^\s/?#@]+(/[^\s#]*)?$~Di', $url))) {
            throw Refusal::invalid('url', 'address', 'The address must begin with https:// or http:// and hold no spaces.');
        }
        if ($this->settings->get('webhook_url') === null) {
            $this->outbox->markAllDelivered();
        }
        $this->settings->set('webhook_url', $url);
        $this->settings->set('webhook_error', null);
        $this->settings->set('webhook_failures', null);
        $this->settings->set('webhook_retry_at', null);
    }

    public function due()
    {
        return $this->settings->get('webhook_url') !== null && $this->settings->get('enabled') === '1'
            && $this->settings->number('webhook_retry_at', 0) <= $this->clock->now();
    }

    /** One request with all that is pending; a second caller leaves it to the first. */
    public function deliverIfDue()
    {
        $this->settings->forget();
        if (!$this->due() || !$this->outbox->undelivered(1) || !$this->db->lock('webhook', 0)) {
            return;
        }
        try {
            $events = $this->outbox->undelivered(self::BATCH);
            if ($events) {
                $this->deliver($events);
            }
        } catch (\Exception $error) {
            $this->db->unlock('webhook');
            throw $error;
        }
        $this->db->unlock('webhook');
    }

    public function ping()
    {
        if ($this->settings->get('webhook_url') === null) {
            return array('error' => 'No webhook address is set.');
        }
        $result = $this->post(array(array('event_id' => 0, 'kind' => 'ping', 'object_id' => 0, 'detail' => Json::object(array()),
            'origin' => 'oms', 'created_at' => gmdate('Y-m-d\TH:i:s\Z'))));
        return $result['error'] === null ? array('status' => $result['status'], 'took_ms' => $result['took_ms']) : array('error' => $result['error']);
    }

    private function deliver($events)
    {
        $result = $this->post($events);
        if ($result['error'] === null && $result['status'] >= 200 && $result['status'] < 300) {
            $this->outbox->markDelivered($events);
            if ($this->settings->get('webhook_error') !== null || $this->settings->get('webhook_failures') !== null) {
                $this->settings->set('webhook_error', null);
                $this->settings->set('webhook_failures', null);
                $this->settings->set('webhook_retry_at', null);
            }
            return;
        }
        $failures = $this->settings->number('webhook_failures', 0) + 1;
        $pause = min(self::LONGEST_PAUSE, self::FIRST_PAUSE * pow(2, min(20, $failures - 1)));
        $this->settings->set('webhook_retry_at', $this->clock->now() + (int)$pause);
        $this->settings->set('webhook_error', $result['error'] === null ? 'The address answered HTTP ' . $result['status'] . '.' : $result['error']);
        $this->settings->set('webhook_failures', $failures);
    }

    private function post($events)
    {
        $body = Json::encode(array('shop' => $this->settings->get('identity'), 'events' => $events));
        return Http::send($this->settings->get('webhook_url'), 'POST', $body, $this->settings->get('secret'),
            $this->clock->now(), self::CONNECT_MS, self::TOTAL_MS);
    }
}
