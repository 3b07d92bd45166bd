<?php
namespace OmsBridge;

/** What the merchant sees and does; the controllers of each line only carry it. */
class AdminPage
{
    private $bridge;
    private $texts;

    public function __construct(Bridge $bridge, Texts $texts)
    {
        $this->bridge = $bridge;
        $this->texts = $texts;
    }

    public function data($mayModify)
    {
        $this->bridge->prepare();
        $settings = $this->bridge->settings;
        $calls = array();
        foreach ($this->bridge->calls->last(50) as $row) {
            $calls[] = array('day' => date('Y-m-d', (int)$row['called_at']), 'time' => date('H:i:s', (int)$row['called_at']), 'resource' => $row['method'] . ' ' . $row['resource'],
                'status' => $row['status'] . ($row['code'] === '' ? '' : ' ' . $row['code']), 'good' => (int)$row['status'] < 400, 'ms' => $row['ms'], 'ip' => $row['ip']);
        }
        return $this->texts->all() + array(
            'enabled' => $settings->get('enabled') === '1',
            'may_modify' => $mayModify,
            // Who may not change the bridge may not read its key either.
            'secret' => $mayModify ? (string)$settings->get('secret', '') : '',
            'address' => $this->bridge->shop->url(),
            'identity' => (string)$settings->get('identity', ''),
            'version' => Version::BRIDGE,
            'calls' => $calls,
        );
    }

    /** One action of the page: array('success' => …) or array('error' => …), and what else the page should show. */
    public function act($action, $post, $mayModify)
    {
        if (!$mayModify) {
            return array('error' => $this->texts->get('error_permission'));
        }
        $this->bridge->prepare();
        $install = new Install($this->bridge);
        if ($action === 'save') {
            $install->enable(!empty($post['enabled']));
            return array('success' => $this->texts->get('text_saved'));
        }
        if ($action === 'regenerate') {
            $this->bridge->settings->set('secret', Install::newSecret());
            return array('success' => $this->texts->get('text_regenerated'), 'secret' => $this->bridge->settings->get('secret'));
        }
        if ($action === 'identity') {
            $install->newIdentity();
            return array('success' => $this->texts->get('text_new_identity'), 'secret' => $this->bridge->settings->get('secret'), 'identity' => $this->bridge->settings->get('identity'));
        }
        if ($action === 'repair') {
            $install->tables();
            $install->hooks();
            return array('success' => $this->texts->get('text_repaired'));
        }
        if ($action === 'check') {
            return array('checks' => $this->checks());
        }
        return array('error' => $this->texts->get('error_action'));
    }

    private function checks()
    {
        $selfCheck = new SelfCheck($this->bridge);
        $checks = array();
        foreach ($selfCheck->run() as $finding) {
            $key = 'check_' . $finding['id'] . '_' . $finding['state'];
            $words = $finding['words'];
            if ($finding['id'] === 'maintenance') {
                $key = 'check_maintenance_' . $words[0];
            } elseif ($finding['id'] === 'webhook' && $words[0] === '-') {
                $key = 'check_webhook_none';
            }
            $text = $this->texts->has($key) ? $this->texts->get($key, $words) : implode(' ', $words);
            $checks[] = array('state' => $finding['state'], 'title' => $this->texts->get('check_' . $finding['id']), 'text' => $text);
        }
        return $checks;
    }
}
