<?php
namespace OmsBridge;

/** Looks for what would keep Entrepot from working with this shop. Each finding is (id, "ok"|"warn"|"fail", words for its text). */
class SelfCheck
{
    private $bridge;
    private $db;
    private $findings = array();

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
    }

    public function run()
    {
        $checks = array('php', 'extensions', 'tables', 'hooks', 'clock', 'https', 'home', 'images', 'loop', 'webhook', 'maintenance');
        foreach ($checks as $check) {
            try {
                list($state, $words) = $this->{$check}();
            } catch (\Exception $error) {
                list($state, $words) = array('fail', array($error->getMessage()));
            }
            $this->findings[] = array('id' => $check, 'state' => $state, 'words' => $words);
        }
        return $this->findings;
    }

    private function php()
    {
        return array(version_compare(PHP_VERSION, '5.6.0', '>=') ? 'ok' : 'fail', array(PHP_VERSION));
    }

    private function extensions()
    {
        $missing = array();
        foreach (array('curl', 'json', 'hash', 'pcre') as $name) {
            if (!extension_loaded($name)) {
                $missing[] = $name;
            }
        }
        return array($missing ? 'fail' : 'ok', array($missing ? implode(', ', $missing) : 'curl, json, hash'));
    }

    private function tables()
    {
        $quoted = array();
        foreach (Install::names() as $name) {
            $quoted[] = $this->db->quote($this->db->prefix() . $name);
        }
        $count = (int)$this->db->value('SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (' . implode(',', $quoted) . ')');
        return array($count === count($quoted) ? 'ok' : 'fail', array($count, count($quoted)));
    }

    private function hooks()
    {
        $install = new Install($this->bridge);
        $missing = $install->missingHooks();
        return array($missing ? 'fail' : 'ok', array(count($this->bridge->shop->events()), implode(', ', $missing)));
    }

    private function clock()
    {
        $seconds = abs(strtotime($this->db->value('SELECT UTC_TIMESTAMP()') . ' UTC') - time());
        $apart = abs((int)$this->db->value('SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW())') - (int)date('Z'));
        return array($seconds <= 5 && $apart <= 1 ? 'ok' : 'warn', array(date_default_timezone_get(), $seconds, $apart));
    }

    private function https()
    {
        return array(strpos($this->bridge->shop->url(), 'https://') === 0 ? 'ok' : 'warn', array($this->bridge->shop->url()));
    }

    private function home()
    {
        $home = (string)$this->bridge->settings->get('home', '');
        $bare = function ($url) {
            return preg_replace('~^https?://(www\.)?~', '', $url);
        };
        $same = $home === '' || $bare($home) === $bare($this->bridge->shop->url());
        return array($same ? 'ok' : 'warn', array($home, $this->bridge->shop->url()));
    }

    private function images()
    {
        $folder = rtrim($this->bridge->shop->imageFolder(), '/') . '/catalog';
        return array(is_dir($folder) && is_writable($folder) ? 'ok' : 'warn', array('image/catalog'));
    }

    /** A signed request to our own address, over the same road that Entrepot takes. */
    private function loop()
    {
        $secret = (string)$this->bridge->settings->get('secret', '');
        $url = $this->bridge->shop->url() . 'index.php?route=extension/oms_bridge/api&resource=order_cursor';
        $answer = Http::send($url, 'GET', '', $secret, time(), 2000, 5000, 'OCSESSID=' . Signature::session($secret));
        if ($answer['error'] !== null) {
            return array('fail', array($answer['error']));
        }
        $decoded = json_decode($answer['body'], true);
        if ($answer['status'] === 200 && isset($decoded['data'])) {
            return array('ok', array($answer['took_ms']));
        }
        $word = isset($decoded['error']['code']) ? $decoded['error']['code'] : 'HTML';
        return array('fail', array('HTTP ' . $answer['status'] . ', ' . $word));
    }

    private function webhook()
    {
        $state = $this->bridge->webhook->state();
        if (!$state['enabled']) {
            return array('ok', array('-', 0));
        }
        return array($state['last_error'] === null ? 'ok' : 'warn', array($state['url'], $state['pending'], $state['last_error']));
    }

    private function maintenance()
    {
        $settings = new ShopSettings($this->db, array('config_maintenance'));
        $closed = (bool)$settings->number('config_maintenance');
        $answers = $this->bridge->shop->startup() !== null;
        return array($closed && !$answers ? 'warn' : 'ok', array($closed ? ($answers ? 'through' : 'paused') : 'open'));
    }
}
